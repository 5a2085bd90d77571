"""A weight of a trained checkpoint looks freshly drawn.

## What it checks
Weights of at least 1,000 elements, in a checkpoint that is said to be trained (`--trained`) or in which most weights
are: whether one still follows the law of an initializer.

## Why it matters
A module that was never trained, never loaded, or initialised again before saving sits in a checkpoint unnoticed; its
numbers are healthy.

## How it decides
A weight counts as fresh if some initializer's law, with constants that somebody would type, is not rejected (see
init-not-applied for how laws are identified). 1,000 elements of a uniform law that move by a tenth of their standard
deviation leave its bounds, and are seen. A normal law that moves by independent amounts stays normal: by a tenth it is
taken for fresh, by half (12% wider) mostly not. The test of fit must leave it a p-value of at least 1%: a fresh one is
overlooked once in a hundred, a trained one whose rows have moved apart is not blamed. The name must also be less rare
than a scale of nobody's is among trained weights (2 nats, and Schwarz's log(n)/2 for reading it off n values): with a
free number of layers, as in 1/sqrt(2*layers*fan_in), some name is near every scale.
An error with `--trained`, else a warning in files of which more than half the weights are trained.

## How to fix
Load or train that module, or leave it out of the checkpoint.

## Example
A fine-tuned model saved before the new head was trained.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"model"})
_ENOUGH = 1000
_FITS = 0.01
_NOBODYS = 2.0
"""What a scale that is in no list costs among trained weights, in nats beside Schwarz's term."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Name the fresh ones among trained weights."""
    census: Census = subject.value
    said = subject.facts.get("trained") is True
    weights = [m for m in census.weights if m.n >= _ENOUGH and m.finite == m.n]
    trained = [m for m in weights if not m.law]
    if not weights or not (said or (subject.facts.get("stored") and len(trained) > len(weights) / 2)):
        return
    fresh = [m for m in weights if m.fresh and not m.p_value < _FITS and m.cost < _NOBODYS + 0.5 * math.log(m.n)]
    for member in fresh:
        yield Evidence(
            f"it still follows {member.law} (p = {member.p_value:.2g}), while {len(trained)} of {len(weights)} weights "
            "do not follow any initializer's law",
            p_value=None, n=member.n, part=member.held.name, holds=False, severity=None if said else Severity.WARNING,
            fix="train or load it before saving",
        )  # fmt: skip
    if not fresh:
        yield Evidence(
            f"none of {len(weights)} weights follows an initializer's law any more", n=len(weights), holds=True
        )
