"""Most units of a bounded activation sit on its flat parts, or attention on single keys.

## What it checks
Per layer of a bounded activation (tanh, sigmoid, hardtanh, hardsigmoid, softsign, erf), the fraction of units that pass
less than 1% of the peak gradient power: |phi'| < 0.1 sup |phi'|. In a model that looks fresh also its softmaxes over
eight entries or more: the mean of sum p^2, the share of the weight that lies on single entries.

## Why it matters
A saturated unit is a constant with hardly a gradient; weights drawn with std 1 put tanh there in the first layer
(Glorot and Bengio 2010 saw it in the top layers of sigmoid networks). Attention that picks one key passes nothing back
to its queries and keys (Vaswani et al. 2017, section 3.2.1, which is why scores are divided by sqrt(d_k)).

## How it decides
More than half of the units of any layer fails; the share is over all units, inputs and seeds, so its sampling error is
below 1%. For Gaussian pre-activations that is q > 7.29 for tanh and q > 29.1 for sigmoid. In a model that was traced,
units that an offset holds there (mean^2 above the variance: forget gates, priors of rare classes) are meant and not
asked. A softmax fails above one half too: for n Gaussian scores of standard deviation s, sum p^2 is 1 - sqrt(2 ln n)/s
(Derrida 1981; Bouchaud and Mezard 1997), so that is s > 2 sqrt(2 ln n), 5.3 for 32 keys, where scaled attention has 1.
One that no gradient reaches (the sharpened targets of a teacher) has none to lose and is not asked.

## How to fix
Draw smaller weights: std 1/sqrt(fan_in) instead of 1, `nn.init.xavier_normal_(w)`; divide scores by sqrt(d_k).

## Example
`nn.init.normal_(w)` before a tanh of width 512: q = 512, nine units in ten saturated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.propagation.traced.graph import PLUMBING
from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import NetworkRecord
    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.runner import Context
    from embcheck.subjects.inventory.census import Census
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network", "trace"})
MOST = 0.5
_FRESH = 0.5
"""Share of fresh weights from which on attention is expected to look everywhere: training may sharpen it."""


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """The worst layer's share of saturated units."""
    if subject.kind == "trace":
        yield from _traced(subject.value, subject.facts["census"])
        return
    record: NetworkRecord = subject.value
    if record.units:
        return  # a model's own activations are asked of its trace
    known = [r for r in record.active if r.saturated is not None and not math.isnan(r.saturated)]
    if not known:
        return
    worst = max(known, key=lambda r: r.saturated or 0.0)
    yield _evidence(
        worst.name, worst.saturated or 0.0, sum((r.saturated or 0.0) > MOST for r in known), len(known), record.seeds,
        worst.saturated_theory,
    )  # fmt: skip


def _evidence(name: str, share: float, many: int, asked: int, n: int, theory: float | None = None) -> Evidence:  # noqa: PLR0917
    holds = share <= MOST
    return Evidence(
        f"{share:.1%} of the units of {name} are saturated ({many} of {asked} layers have more than half)",
        measured=share, expected=theory, allowed=MOST, n=n, holds=holds,
        fix="" if holds else "nn.init.xavier_normal_(layer.weight)",
    )  # fmt: skip


def _traced(trace: Trace, census: Census) -> Iterator[Evidence]:
    """The activations of a model, and its softmaxes while it is fresh."""
    units = [n for n in trace.nodes if n.kind == "activation" and _asked(trace, n)]
    if units:
        worst = max(units, key=lambda n: n.saturated)
        many = len({n.label for n in units if n.saturated > MOST})
        yield _evidence(worst.label, worst.saturated, many, len({n.label for n in units}), trace.batch)
    if not census.fresh >= _FRESH:
        return
    backward = any(g.power > 0 for g in trace.gradients)
    soft = [
        n
        for n in trace.nodes
        if n.op == "softmax" and not math.isnan(n.saturated) and not (backward and math.isnan(n.g))
    ]
    if soft:
        worst = max(soft, key=lambda n: n.saturated)
        holds = worst.saturated <= MOST
        yield Evidence(
            f"{worst.label} puts {worst.saturated:.1%} of its weight on single entries of {worst.shape[-1]}",
            measured=worst.saturated, allowed=MOST, n=trace.batch, holds=holds, part=" (softmax)",
            fix="" if holds else "scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])",
        )  # fmt: skip


def _asked(trace: Trace, node: Node) -> bool:
    """Whether it is the scale that takes its units to the flat parts, if they are there, and not an offset."""
    if math.isnan(node.saturated) or not node.parents:
        return False
    if node.op == "hardtanh" and (node.option("low", -1.0), node.option("high", 1.0)) != (-1.0, 1.0):
        return False  # ReLU6 and the like: the lower side is a ReLU's
    before = trace.nodes[node.parents[0]]
    while before.op in PLUMBING and len(before.parents) == 1:
        before = trace.nodes[before.parents[0]]
    offset = before.mean * before.mean
    return not offset > before.q - offset
