"""What one operation does to the signal, by theory, from what went in: second moment, mean, variance between inputs.

Expectations are over random weights of the measured second moment (`fan * E[w^2]`), independent of what they meet; the
maps of activations are exact for Gaussian units. An operation that is not listed has no theory: None, never its input.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embcheck.propagation.traced import graph
from embcheck.propagation.traced.traced_activation import activation_of, passed

if TYPE_CHECKING:
    from embcheck.propagation.traced.graph import Node

GAUSSIAN_FAN = 16
"""A sum over fewer weighted units is not Gaussian whatever the weights are."""


@dataclass(frozen=True)
class State:
    """A signal as theory sees it."""

    q: float
    mean: float = 0.0
    s: float = math.nan
    """Variance between inputs; NaN where it is not known."""
    gaussian: bool = False
    """Its units are Gaussian, to what the theory of activations needs."""
    share: float = 1.0
    """How many elements it has, beside the others that are joined with it."""


def predict(node: Node, operands: Sequence[State], independent: bool) -> State | None:
    """The signal behind `node`.

    Args:
        node: the operation.
        operands: the signals that go in, in their order; constants and parameters are in the node.
        independent: weights that one of two operands met, the other did not.
    """
    if node.kind == "lookup":
        return _looked_up(node)
    if not operands or not all(math.isfinite(o.q) for o in operands):
        return None
    rule = _KINDS.get(node.kind) or _RULES.get(node.op)
    if rule is None or (len(operands) == 2 and not independent and rule in {_sum, _product, _scores}):
        return None
    return rule(node, operands)


def _looked_up(node: Node) -> State | None:
    """Rows of a table, at random."""
    if node.op != "embedding":
        return None
    q = node.weight_std**2
    # a table that no input chooses rows of (positions) gives all of them the same
    share = 0.0 if node.axis is None else node.option("distinct")
    return State(q, node.weight_mean, (q - node.weight_mean**2) * share, True)


def _affine(node: Node, operands: Sequence[State]) -> State | None:
    """q' = fan Var W q + (fan E[W] E[x] + E[b])^2 + Var b (Poole et al. 2016, with weights of any mean)."""
    x = operands[0]
    if math.isnan(node.fan) or len(operands) > 1:
        return None
    share = node.option("share", 1.0)
    variance = max(0.0, node.weight_std**2 - node.weight_mean**2)
    mean = node.fan * node.weight_mean * x.mean
    bias = node.option("bias", 0.0)
    q = share * node.fan * variance * x.q + mean * mean + 2 * mean * bias + node.bias_power
    return State(q, mean + bias, share * node.fan * variance * x.s, node.fan >= GAUSSIAN_FAN)


def _activation(node: Node, operands: Sequence[State]) -> State | None:
    f, x = activation_of(node), operands[0]
    if f is None or not x.gaussian:
        return None
    units = node.shape[1] if len(node.shape) in {4, 5} else node.shape[-1] if node.shape else 1
    found = passed(f, x.q, x.mean, x.s, units)
    return State(found.q, found.mean, found.s)


def _norm(node: Node, operands: Sequence[State]) -> State | None:
    """gamma^2 v / (v + eps) + beta^2; v is the variance over features, or q where no mean is taken off."""
    x = operands[0]
    v = x.q if node.op == "rms_norm" else x.q - x.mean**2
    share = v / (v + node.option("eps", 0.0)) if v > 0 else 0.0
    gamma2, beta = node.option("gamma2", 1.0), node.option("beta", 0.0)
    rest = node.option("gamma", 1.0) * x.mean / math.sqrt(v) if node.op == "rms_norm" and v > 0 else 0.0
    # a batch norm divides by a variance over inputs and positions: what each of them has is not in (q, s)
    s = math.nan if node.op in {"batch_norm", "instance_norm"} or v <= 0 else gamma2 * share * x.s / v
    return State(gamma2 * share + node.option("beta2", 0.0), beta + rest, s, x.gaussian)


def _attention(node: Node, operands: Sequence[State]) -> State | None:
    """Nearly uniform attention: what tokens have in common (r) is kept, the rest averaged over 1 / E[1 / keys] of them:
    q' = (q - r) e^v E[1 / keys] + r, v the variance of the scores."""
    if len(operands) < 3:
        return None
    value, inverse, scores = operands[2], node.option("inverse"), node.option("scores")
    before, uniform = node.option("values2"), node.option("uniform2")
    if not (scores < 1 and before > 0):
        return None
    common = (uniform - before * inverse) / (1 - inverse) if inverse < 1 else uniform
    q = ((before - common) * math.exp(scores) * inverse + common) * value.q / before
    return State(q, value.mean, math.nan, value.gaussian)


def _sum(node: Node, operands: Sequence[State]) -> State | None:
    sign = -1.0 if "sub" in node.op else 1.0
    if len(operands) == 1:
        x = operands[0]
        if len(set(node.operands)) == 1 and len(node.operands) == 2 and -1 not in node.operands:
            factor = 1 + sign
            return State(factor**2 * x.q, factor * x.mean, factor**2 * x.s, x.gaussian)
        shift = node.option("scalar", node.option("constant", 0.0))
        power = node.option("constant2", shift * shift)
        return State(x.q + 2 * sign * x.mean * shift + power, x.mean + sign * shift, x.s, x.gaussian)
    if len(operands) != 2:
        return None
    a, b = operands
    k = sign * node.option("alpha", 1.0)
    q = a.q + k * k * b.q + 2 * k * a.mean * b.mean
    return State(q, a.mean + k * b.mean, a.s + k * k * b.s, a.gaussian and b.gaussian)


def _product(node: Node, operands: Sequence[State]) -> State | None:
    """By a number, by a tensor that does not depend on the input, or by an independent signal."""
    x = operands[0]
    if len(operands) == 1 and len(node.operands) <= 2:
        scalar, power = node.option("scalar"), node.option("constant2")
        mean = scalar if not math.isnan(scalar) else node.option("constant")
        k2 = scalar * scalar if not math.isnan(scalar) else power
        if math.isnan(k2) or len(set(node.operands)) != len(node.operands):
            return None
        return State(k2 * x.q, mean * x.mean, k2 * x.s, x.gaussian)
    if len(operands) != 2:
        return None
    return State(x.q * operands[1].q, x.mean * operands[1].mean)


def _quotient(node: Node, operands: Sequence[State]) -> State | None:
    k = node.option("scalar")
    if len(operands) != 1 or len(node.operands) != 1 or math.isnan(k) or k == 0 or node.op.startswith("r"):
        return None
    x = operands[0]
    return State(x.q / k**2, x.mean / k, x.s / k**2, x.gaussian)


def _scores(node: Node, operands: Sequence[State]) -> State | None:
    """Products of two independent projections, summed over `inner` features."""
    if len(operands) != 2 or not all(o.gaussian for o in operands):
        return None
    return State(node.option("inner") * operands[0].q * operands[1].q)


def _dropout(node: Node, operands: Sequence[State]) -> State | None:
    x, p = operands[0], node.option("p", 0.0)
    if node.op == "alpha_dropout" and p:
        return None
    return replace(x, q=x.q / (1 - p), s=x.s + x.q * p / (1 - p), gaussian=x.gaussian and not p) if p < 1 else State(0)


def _joined(node: Node, operands: Sequence[State]) -> State | None:
    """Averages, each part by its share of the elements."""
    if len(node.operands) != len(operands):
        return None
    parts = [o.share for o in operands]
    whole = sum(parts)

    def average(name: str) -> float:
        return math.fsum(p * getattr(o, name) for p, o in zip(parts, operands, strict=True)) / whole

    return State(average("q"), average("mean"), average("s"), all(o.gaussian for o in operands))


_Rule = Callable[["Node", Sequence[State]], "State | None"]
_KINDS: dict[str, _Rule] = {"affine": _affine, "activation": _activation}
_RULES: dict[str, _Rule] = {
    **dict.fromkeys(("layer_norm", "batch_norm", "group_norm", "instance_norm", "rms_norm"), _norm),
    **dict.fromkeys(("add", "iadd", "radd", "sub", "isub", "subtract"), _sum),
    **dict.fromkeys(("mul", "imul", "rmul", "multiply"), _product),
    **dict.fromkeys(("div", "truediv", "itruediv", "divide", "true_divide"), _quotient),
    **dict.fromkeys(("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout"), _dropout),
    **dict.fromkeys(graph.PLUMBING - {"gather", "repeat_interleave"}, lambda _, operands: operands[0]),
    **dict.fromkeys(("cat", "concat", "stack"), _joined),
    **dict.fromkeys(("matmul", "bmm", "mm"), _scores),
    "scaled_dot_product_attention": _attention,
    "neg": lambda _, operands: replace(operands[0], mean=-operands[0].mean),
}
