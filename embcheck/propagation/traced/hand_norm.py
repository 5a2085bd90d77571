"""Norms that somebody wrote out: x * rsqrt(mean(x^2) + eps), as Llama's RMSNorm has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from embcheck.propagation.traced import graph

if TYPE_CHECKING:
    from embcheck.propagation.traced.graph import Node, Trace

_STEPS = frozenset({"rsqrt", "sqrt", "add", "radd", "mean", "pow", "square", "mul", "clamp"}) | graph.PLUMBING
_LONGEST = 10


def hand_written_norm(trace: Trace, node: Node) -> tuple[Node, list[int]] | None:
    """The same node as an RMS norm, and what it normalizes; None for any other node."""
    if node.op not in {"mul", "rmul", "imul", "multiply", "div", "truediv"} or len(set(node.operands)) != 2:
        return None
    if min(node.operands) < 0:
        return None
    for x, scale in (node.operands, node.operands[::-1]):
        end = "rsqrt" if "mul" in node.op else "sqrt"
        if trace.nodes[scale].op != end or (end == "sqrt" and scale != node.operands[1]):
            continue
        eps = _normalizes(trace, scale, _behind(trace, x))
        if eps is not None:
            return replace(node, op="rms_norm", kind="norm", options=(("eps", eps),)), [x]
    return None


def _normalizes(trace: Trace, scale: int, x: int) -> float | None:
    """eps, if `scale` was made from the mean square of `x` and from nothing else."""
    eps, seen = 0.0, set[str]()
    at = trace.nodes[scale]
    for _ in range(_LONGEST):
        if at.op not in _STEPS or len(at.parents) != 1:
            return None
        seen.add(at.op)
        if "add" in at.op:
            eps += at.option("scalar", 0.0)
        if at.op in {"pow", "square", "mul"}:
            return eps if "mean" in seen and _behind(trace, at.parents[0]) == x else None
        at = trace.nodes[at.parents[0]]
    return None


def _behind(trace: Trace, index: int) -> int:
    """The node behind views and casts."""
    node = trace.nodes[index]
    while node.op in graph.PLUMBING and len(node.parents) == 1:
        node = trace.nodes[node.parents[0]]
    return node.index
