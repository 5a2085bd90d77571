"""What depends on the inputs of a traced model, and what the first step will open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.traced.graph import Node, Trace


def fed(trace: Trace) -> frozenset[int]:
    """Nodes that depend on the inputs: what does not is a weight that was computed from parameters. All of them where
    nothing was seen to come from an input."""
    found: set[int] = set()
    for node in trace.nodes:
        if node.kind == "input" or not found.isdisjoint(node.parents):
            found.add(node.index)
    return frozenset(found or range(len(trace.nodes)))


def in_line(trace: Trace, layers: Sequence[Node]) -> list[Node]:
    """Of `layers` those that a signal passes one after another: all of them where the first feeds the last.

    Where it does not, networks run side by side (an actor and a critic, two towers): what one of them does to the
    signal says nothing of the other, and the longest way is kept, the first of equals.
    """
    bit = {layer.index: 1 << place for place, layer in enumerate(layers)}
    before: dict[int, int] = {}
    for node in trace.nodes:
        ways = 0
        for parent in node.parents:
            ways |= before.get(parent, 0) | bit.get(parent, 0)
        before[node.index] = ways
    if len(layers) < 2 or before[layers[-1].index] & 1:
        return list(layers)
    longest = max(layers, key=lambda layer: before[layer.index].bit_count())
    kept = before[longest.index] | bit[longest.index]
    return [layer for layer in layers if bit[layer.index] & kept]


def opens(trace: Trace) -> bool:
    """Whether a layer starts at zero and will not stay there: its weight is zero and receives gradient, or it is
    computed (a matrix times a gain of zero) and a parameter does.

    What lies before it (behind a zero-initialised head, or the last layer of a branch) has no gradient in the first
    step, and only in that.
    """
    power = {g.name: g.power for g in trace.gradients}
    power[""] = max(power.values(), default=0.0)
    return any(n.kind == "affine" and n.weight_std == 0 and power.get(n.weight, 0.0) > 0 for n in trace.nodes)
