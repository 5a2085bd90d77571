"""Most units of a bounded activation sit on its flat parts.

## What it checks
Per layer of a bounded activation (tanh, sigmoid, hardtanh, hardsigmoid, softsign, erf), the fraction of units that pass
less than 1% of the peak gradient power: |phi'| < 0.1 sup |phi'|.

## Why it matters
A saturated unit is a constant with hardly a gradient; weights drawn with std 1 put tanh there in the first layer
(Glorot and Bengio 2010 saw it in the top layers of sigmoid networks).

## How it decides
More than half of the units of any layer fails; the share is over all units, inputs and seeds, so its sampling error is
below 1%. For Gaussian pre-activations that is q > 7.29 for tanh and q > 29.1 for sigmoid.

## How to fix
Draw smaller weights: std 1/sqrt(fan_in) instead of 1, `nn.init.xavier_normal_(w)`.

## Example
`nn.init.normal_(w)` before a tanh of width 512: q = 512, nine units in ten saturated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network"})
MOST = 0.5


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """The worst layer's share of saturated units."""
    record: NetworkRecord = subject.value
    known = [r for r in record.active if r.saturated is not None and not math.isnan(r.saturated)]
    if not known:
        return
    worst = max(known, key=lambda r: r.saturated or 0.0)
    share = worst.saturated or 0.0
    many = sum((r.saturated or 0.0) > MOST for r in known)
    yield Evidence(
        f"{share:.1%} of the units of {worst.name} are saturated ({many} of {len(known)} layers have more than half)",
        measured=share,
        expected=worst.saturated_theory,
        allowed=MOST,
        n=record.seeds,
        holds=share <= MOST,
        fix="" if share <= MOST else "nn.init.xavier_normal_(layer.weight)",
    )
