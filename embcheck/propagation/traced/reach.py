"""What depends on the inputs of a traced model, and what the first step will open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embcheck.propagation.traced.graph import Trace


def fed(trace: Trace) -> frozenset[int]:
    """Nodes that depend on the inputs: what does not is a weight that was computed from parameters. All of them where
    nothing was seen to come from an input."""
    found: set[int] = set()
    for node in trace.nodes:
        if node.kind == "input" or not found.isdisjoint(node.parents):
            found.add(node.index)
    return frozenset(found or range(len(trace.nodes)))


def opens(trace: Trace) -> bool:
    """Whether a layer starts at zero and will not stay there: its weight is zero and receives gradient, or it is
    computed (a matrix times a gain of zero) and a parameter does.

    What lies before it (behind a zero-initialised head, or the last layer of a branch) has no gradient in the first
    step, and only in that.
    """
    power = {g.name: g.power for g in trace.gradients}
    power[""] = max(power.values(), default=0.0)
    return any(n.kind == "affine" and n.weight_std == 0 and power.get(n.weight, 0.0) > 0 for n in trace.nodes)
