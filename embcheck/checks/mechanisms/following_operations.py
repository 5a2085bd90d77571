"""What comes after an operation of a trace: a bias that was added by hand is no meeting of two paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embcheck.propagation.traced.graph import Node, Trace

STOPS = frozenset({"activation", "affine", "norm", "merge", "lookup", "recurrent"})
_HOMOGENEOUS = frozenset({"relu", "leaky_relu", "prelu", "rrelu"})


def following(trace: Trace, node: Node) -> tuple[Node, ...]:
    """The nearest descendants that do something to the signal, on every path.

    `x @ w + b` is one layer, as `nn.Linear` is: an addition (or concatenation) with one traced operand is passed by.
    """
    seen: set[int] = set()
    found: dict[int, Node] = {}
    waiting = list(trace.children[node.index])
    while waiting:
        i = waiting.pop()
        if i in seen:
            continue
        seen.add(i)
        child = trace.nodes[i]
        if child.kind not in STOPS or (child.kind == "merge" and len(set(child.parents)) < 2):
            waiting.extend(trace.children[i])
        else:
            found[i] = child
    return tuple(found[i] for i in sorted(found))


def homogeneous(node: Node) -> bool:
    """Whether phi(c x) = c phi(x) for c > 0: then E[phi^2] is a share of q at every scale of the signal."""
    return node.op in _HOMOGENEOUS
