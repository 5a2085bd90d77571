"""Units are dead for every input, more of them than chance explains.

## What it checks
Per layer, the fraction of units whose derivative is exactly 0 for every input of the batch; layers whose output is
exactly zero; and, in a model with inputs, layers that are fed exact zeros which the model made itself.

## Why it matters
A dead unit passes nothing forward and gets no gradient: it stays dead. A negative bias or a shrinking activation can
switch off whole layers.

## How it decides
Half of all ReLU units of a sound deep network are inactive on a whole batch: its inputs have become alike. The
fraction that chance leaves is printed beside it, E_z[P(silent | z)^B] for B Gaussian inputs of the correlation
measured in that layer; but inputs of a narrow network are not equally alike, so that sound networks of width 128
exceed it by up to 0.13. No correlation whatever explains more than P(silent) for a single input, 1/2 for ReLU: the
fraction, averaged over the last quarter of the layers and less the half-width of its 95% interval over seeds, must
not exceed that by more than 0.05 (0.1 with one seed). Sixty sound networks of width 32 to 256 stayed 0.06 below it.
Of few units by more than sqrt(ln(10^4) / 2N), which chance passes once in 10,000 for N units over layers and seeds
(Hoeffding 1963, theorem 1): sixteen units behind a pooled batch are one draw of sixteen coins.
A layer that is exactly zero is certain. So is a layer that is fed nothing but zeros, where no skip connection leads
around it, an operation before it made them out of a signal that was none (a product with a zero), and no table of
zeros: that one is the business of all-zero.

## How to fix
Start biases at 0, not below; use a leaky activation; look for a shrinking activation on a signal below its threshold.

## Example
`nn.init.constant_(layer.bias, -1.0)` before a ReLU.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.propagation.record import LayerRecord, NetworkRecord
    from embcheck.propagation.traced.graph import Node, Trace
    from embcheck.runner import Context
    from embcheck.subjects.subject import Subject

KINDS = frozenset({"network", "trace"})
EXCESS = 0.05
_ALPHA = 1e-4
"""How often so few units are silent by chance alone."""
FIX = "nn.init.zeros_(layer.bias)"


def evidence(subject: Subject, context: Context) -> Iterator[Evidence]:
    """Exact zeros first, then the excess of dead units over what alike inputs can explain."""
    if subject.kind == "trace":
        yield from _cut_off(subject.value)
        return
    record: NetworkRecord = subject.value
    zero = next((layer for layer in record.layers if layer.log_q == -math.inf), None)
    if zero is not None:
        yield Evidence(f"the output of {zero.name} is exactly zero for every input", 1.0, 0.0, holds=False, fix=FIX)
        return
    known = [r for r in record.active if r.dead is not None and r.dead_most is not None and not math.isnan(r.dead)]
    if not known:
        return
    last = known[-max(1, len(known) // 4) :]
    dead, null, most = _mean(last, "dead"), _mean(last, "dead_null"), _mean(last, "dead_most")
    units = record.seeds * sum(layer.width for layer in last)
    chance = math.sqrt(math.log(1 / _ALPHA) / (2 * units))
    allowed = most + max(EXCESS if last[0].dead_error is not None else 2 * EXCESS, chance)
    holds = dead - _mean(last, "dead_error") <= allowed
    yield Evidence(
        f"{dead:.1%} of the units of the last {len(last)} layers are dead for all {record.inputs} inputs; chance "
        f"leaves {null:.1%}, inputs that are all alike {most:.1%}",
        measured=dead,
        expected=null,
        allowed=allowed,
        n=record.seeds,
        holds=holds,
        fix="" if holds else FIX,
    )


def _cut_off(trace: Trace) -> Iterator[Evidence]:
    """The first layer with weights that is fed zeros which arose inside of the model."""
    for node in trace.nodes:
        fed = [trace.nodes[p] for p in node.parents]
        if node.kind not in {"affine", "recurrent"} or node.index in trace.in_branch or not fed or fed[0].q != 0:
            continue
        origin = _origin(trace, fed[0])
        if origin is not None:
            yield Evidence(
                f"{node.label} is fed exact zeros: {origin.name} made them of a signal that was none",
                measured=0.0, allowed=0.0, holds=False, part=node.weight.rpartition(".")[0], fix="",
            )  # fmt: skip
            return


def _origin(trace: Trace, node: Node) -> Node | None:
    """The operation that made zeros out of something else; None for zeros that were fed, or looked up."""
    while True:
        before = [trace.nodes[p] for p in node.parents if not math.isnan(trace.nodes[p].q)]
        if node.kind in {"input", "lookup"} or not before:
            return None
        if any(p.q > 0 for p in before):
            return node
        node = before[0]


def _mean(layers: list[LayerRecord], name: str) -> float:
    return sum(getattr(layer, name) or 0.0 for layer in layers) / len(layers)
