"""Theory beside every operation of a traced model: from what was measured just before it, and from the start on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embcheck.propagation.traced.hand_norm import hand_written_norm
from embcheck.propagation.traced.local_backward import handed_back
from embcheck.propagation.traced.local_theory import State, predict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.traced.graph import Node, Trace


@dataclass(frozen=True)
class Theory:
    """What one operation should show; NaN where there is no theory."""

    q: float = math.nan
    """Second moment, from what was measured before the operation."""
    s: float = math.nan
    """Variance between inputs, likewise."""
    g: float = math.nan
    """Power of the gradient at its output, from those measured at the operations that use it."""
    q_path: float = math.nan
    """Second moment, followed from the inputs, or from the last operation that has no theory."""
    s_path: float = math.nan


def theory_of(trace: Trace) -> tuple[Theory, ...]:
    """One entry a node."""
    n = len(trace.nodes)
    measured: list[State | None] = [None] * n
    local: list[State | None] = [None] * n
    path: list[State | None] = [None] * n
    for node in trace.nodes:
        i = node.index
        operands = _signals(trace, node)
        # where the operation is one of a norm that somebody wrote out, it is that norm of its own input
        norm = hand_written_norm(trace, node)
        acting, operands = (node, operands) if norm is None else norm
        apart = len(operands) == 2 and _independent(trace, *operands)
        local[i] = _predicted(acting, [measured[o] for o in operands], trace, operands, apart)
        path[i] = _predicted(acting, [path[o] for o in operands], trace, operands, apart)
        measured[i] = _measured(node, [measured[o] for o in operands], local[i])
        if path[i] is None or not math.isfinite(getattr(path[i], "q", math.nan)):
            path[i] = measured[i]
    back = _gradients(trace, measured)
    return tuple(_entry(node, local[node.index], path[node.index], back[node.index]) for node in trace.nodes)


def _entry(node: Node, local: State | None, path: State | None, g: float) -> Theory:
    if local is None or node.kind == "input":
        return Theory(g=g)
    return Theory(local.q, local.s, g, path.q if path else math.nan, path.s if path else math.nan)


def _signals(trace: Trace, node: Node) -> list[int]:
    """The distinct nodes that made its floating-point operands."""
    found = [o for o in dict.fromkeys(node.operands) if o >= 0]
    return found or [p for p in node.parents if trace.nodes[p].dtype.startswith(("float", "bfloat"))]


def _predicted(
    node: Node, states: Sequence[State | None], trace: Trace, operands: Sequence[int], apart: bool
) -> State | None:
    known = [s for s in states if s is not None]
    if len(known) != len(states) or node.kind == "input":
        return None
    weighed = [replace(s, share=float(trace.nodes[o].numel)) for s, o in zip(known, operands, strict=True)]
    found = predict(node, weighed, apart)
    return found if found is not None and math.isfinite(found.q) and found.q >= 0 else None


def _measured(node: Node, states: Sequence[State | None], local: State | None) -> State | None:
    """What was seen; views were not read in full, and are what they view."""
    if not math.isfinite(node.q):
        return None
    gaussian = local.gaussian if local is not None else False
    if not node.shown and states and states[0] is not None:
        before = states[0]
        return replace(before, q=node.q, s=before.s * node.q / before.q if before.q > 0 else before.s)
    s = 0.0 if node.axis is None else node.s
    return State(node.q, 0.0 if math.isnan(node.mean) else node.mean, s, gaussian)


def _independent(trace: Trace, a: int, b: int) -> bool:
    """One of the two met a weight that the other did not: its own zero mean makes their product vanish."""
    return trace.weights_before(trace.nodes[a]) != trace.weights_before(trace.nodes[b])


def _gradients(trace: Trace, states: Sequence[State | None]) -> list[float]:
    """Power of the gradient at every node, from what its consumers measured."""
    n = len(trace.nodes)
    energy = [node.g * node.numel for node in trace.nodes]
    found = [math.nan] * n
    reached = [not math.isnan(node.g) for node in trace.nodes]
    for node in reversed(trace.nodes):
        i = node.index
        total, known = float(node.numel if i in trace.outputs else 0), i in trace.outputs
        for child in trace.children[i]:
            if not reached[child]:
                continue
            operands = _signals(trace, trace.nodes[child])
            before = [states[o] for o in operands]
            part = None
            if i in operands and all(s is not None for s in before) and math.isfinite(energy[child]):
                part = handed_back(
                    trace.nodes[child], [s for s in before if s is not None], operands.index(i),
                    [trace.nodes[o].numel for o in operands],
                )  # fmt: skip
            if part is None:
                total, known = math.nan, True
            else:
                total, known = total + part * energy[child], True
            reached[i] = True
        if known and node.numel:
            found[i] = total / node.numel
        if math.isnan(energy[i]) and not node.shown:
            energy[i] = total if known else math.nan
    return found
