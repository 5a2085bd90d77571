"""What one operation hands back of a gradient: the factor between the gradient's energies before and behind it.

Energy is the sum of squares. Gradients that meet in one tensor are added as if they were independent, the assumption
that Schoenholz et al. 2017 state for chains.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.propagation.traced import graph
from embcheck.propagation.traced.traced_activation import activation_of, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.traced.graph import Node
    from embcheck.propagation.traced.local_theory import State

_ADDING = frozenset({"add", "iadd", "radd", "sub", "isub", "subtract", "cat", "concat", "stack", "neg"})
_SCALING = frozenset({"mul", "imul", "rmul", "multiply", "div", "truediv", "itruediv", "divide", "true_divide"})
_MOVING = graph.PLUMBING - {"gather", "repeat_interleave", "expand", "expand_as", "repeat", "detach"}


def handed_back(node: Node, operands: Sequence[State], which: int, sizes: Sequence[int]) -> float | None:
    """Energy that reaches operand `which` for each unit of energy behind the node; None where theory has no word.

    Args:
        node: the operation.
        operands: its signals, as they went in.
        which: one of them.
        sizes: their numbers of elements.
    """
    x, op = operands[which], node.op
    if node.kind == "affine":
        return node.option("share", 1.0) * node.gain2 if len(operands) == 1 and not math.isnan(node.fan) else None
    if node.kind == "activation":
        return _through(node, x)
    if op in {"layer_norm", "rms_norm", "batch_norm", "group_norm"}:
        return _through_norm(node, x)
    if op in _ADDING:
        if len(operands) == 1 and len(node.operands) > 1 and -1 not in node.operands:
            return None  # a tensor added to itself: the two gradients are one
        return sizes[which] / node.numel if op in {"cat", "concat", "stack"} else 1.0
    if op in _SCALING:
        return _through_product(node, operands, which)
    if op in _MOVING:
        return 1.0
    if op.startswith(("dropout", "feature_dropout")):
        return 1 / (1 - node.option("p", 0.0)) if node.option("p", 0.0) < 1 else 0.0
    if op == "mean":
        return node.numel / max(1, sizes[which])
    return None


def _through(node: Node, x: State) -> float | None:
    f = activation_of(node)
    if f is None or not x.gaussian or f.gated:
        return None
    units = node.shape[1] if len(node.shape) in {4, 5} else node.shape[-1] if node.shape else 1
    return passed(f, x.q, x.mean, math.nan, units).slope2


def _through_norm(node: Node, x: State) -> float | None:
    """gamma^2 E[1 / (v + eps)] over what is normalized, less the two directions (one for an RMS norm) that are lost."""
    v = x.q if node.op == "rms_norm" else x.q - x.mean**2
    n = node.option("features", 0.0)
    lost = (1 if node.op == "rms_norm" else 2) / n if n > 2 else 0.0
    total = v + node.option("eps", 0.0)
    inverse = node.option("inverse", 1 / total if total > 0 else math.nan)
    return None if math.isnan(inverse) else node.option("gamma2", 1.0) * inverse * (1 - lost)


def _through_product(node: Node, operands: Sequence[State], which: int) -> float | None:
    if len(operands) == 2:
        return operands[1 - which].q if "mul" in node.op else None
    scalar, power = node.option("scalar"), node.option("constant2")
    k2 = scalar * scalar if not math.isnan(scalar) else power
    if math.isnan(k2) or k2 == 0 or len(set(node.operands)) != len(node.operands):
        return None
    return k2 if "mul" in node.op else 1 / k2 if not math.isnan(scalar) and not node.op.startswith("r") else None
