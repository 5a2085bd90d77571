"""The activation that a traced operation is, for the exact maps; also about a mean that is not zero."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.kernel import gap
from embcheck.propagation.theory.maps import log_d, log_v, moments

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation
    from embcheck.propagation.traced.graph import Node

_PLAIN = frozenset(
    {"relu", "relu6", "rrelu", "selu", "silu", "mish", "hardswish", "hardsigmoid", "softsign", "tanh", "sigmoid",
     "logsigmoid", "tanhshrink", "erf", "sin", "glu"}
)  # fmt: skip
_SLOPED = {"leaky_relu": ("negative_slope", 0.01), "elu": ("alpha", 1.0), "celu": ("alpha", 1.0),
           "prelu": ("slope", 0.25), "softshrink": ("lambd", 0.5), "hardshrink": ("lambd", 0.5)}  # fmt: skip
_BOUNDS = {(-1.0, 1.0): "hardtanh", (0.0, 6.0): "relu6"}
_ZERO = np.zeros(1)
CENTRED = 0.05
"""Means below this share of the rms change V by less than 1%, and the mean of n units is no smaller than that."""


@dataclass(frozen=True)
class Passed:
    """What an activation makes of Gaussian units."""

    q: float
    mean: float
    s: float
    slope2: float
    """E[phi'^2]."""


def activation_of(node: Node) -> Activation | None:
    """The activation of the theory, None for one that it does not know."""
    op = node.op
    if node.activation is not None:
        return node.activation
    if op in _PLAIN:
        return activation(op)
    if op == "gelu":
        return activation("gelu_tanh" if node.option("tanh", 0.0) else "gelu")
    if op in _SLOPED:
        name, default = _SLOPED[op]
        value = node.option(name, default)
        return activation(f"{op}({value!r})") if value > 0 else activation("relu") if "relu" in op else None
    if op == "softplus":
        return activation(op) if node.option("beta", 1.0) == 1 else None
    if op == "hardtanh":
        bounds = node.option("low", -1.0), node.option("high", 1.0)
        return activation(_BOUNDS[bounds]) if bounds in _BOUNDS else None
    return None


def passed(f: Activation, q: float, mean: float, s: float, units: int) -> Passed:
    """Second moment, mean, variance between inputs and mean square slope behind `f`.

    Args:
        f: the activation.
        q: second moment of the Gaussian units that go in.
        mean: their mean; taken for zero where it is no more than `units` units show by chance.
        s: variance between inputs; NaN where it is not known.
        units: how many of them there are.
    """
    if not (q > 0 and math.isfinite(q)):
        start = float(f.phi(_ZERO)[0])
        return Passed(start**2, start, 0.0, float(f.derivative(_ZERO)[0]) ** 2)
    if abs(mean) > max(CENTRED, 4 / math.sqrt(max(units, 1))) * math.sqrt(q) and not f.gated:
        return _about(f, q - mean * mean, mean, s)
    v = math.exp(min(700.0, log_v(f, math.log(q))))
    kept = math.nan if math.isnan(s) else gap(f, q, min(1.0, s / q))
    return Passed(v, moments(f, q).M, kept, math.exp(min(700.0, log_d(f, math.log(q)))))


def _about(f: Activation, variance: float, mean: float, s: float) -> Passed:
    """The same function of units N(mean, variance): phi moved by the mean."""
    variance = max(variance, 1e-12 * mean * mean)
    moved = _moved(f, mean)
    m = moments(moved, variance)
    kept = math.nan if math.isnan(s) else gap(moved, variance, min(1.0, s / variance))
    return Passed(m.V, m.M, kept, m.D)


@lru_cache(maxsize=4096)
def _moved(f: Activation, mean: float) -> Activation:
    return replace(
        f,
        name=f"{f.name} about {mean:g}",
        phi=lambda h: f.phi(h + mean),
        derivative=lambda h: f.derivative(h + mean),
        kinks=tuple(k - mean for k in f.kinks),
        slopes=None,
        silent=tuple((a - mean, b - mean) for a, b in f.silent),
    )
