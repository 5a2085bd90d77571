"""Every activation that torch offers, and a few that people write themselves, as `Activation`s by name."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erf, expit, ndtr

from embcheck.errors import UsageError
from embcheck.propagation.theory.activation import Activation, Floats

if TYPE_CHECKING:
    from collections.abc import Callable

INF = math.inf
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
RRELU_SLOPE = (1 / 8 + 1 / 3) / 2  # what nn.RReLU uses in evaluation mode: the mean of its two bounds


def _density(h: Floats) -> Floats:
    return np.exp(-0.5 * h * h) / math.sqrt(2 * math.pi)


def _piecewise(name: str, slope: float) -> Activation:
    return Activation(
        name,
        phi=lambda h: np.where(h > 0, h, slope * h),
        derivative=lambda h: np.where(h > 0, 1.0, slope),
        kinks=() if slope == 1 else (0.0,),
        silent=((-INF, 0.0),) if slope == 0 else (),
        slopes=(1.0, slope),
    )


def _elu(name: str, alpha: float, scale: float = 1.0, rate: float = 1.0) -> Activation:
    """scale * (h if h > 0 else alpha * expm1(rate * h)): ELU, CELU (rate 1/alpha) and SELU."""
    return Activation(
        name,
        phi=lambda h: scale * np.where(h > 0, h, alpha * np.expm1(rate * np.minimum(h, 0.0))),
        derivative=lambda h: scale * np.where(h > 0, 1.0, alpha * rate * np.exp(rate * np.minimum(h, 0.0))),
        kinks=(0.0,),
    )


def _gelu_tanh() -> Activation:
    root, cubic = math.sqrt(2 / math.pi), 0.044715

    def gate(h: Floats) -> Floats:
        return np.asarray(expit(2 * root * (h + cubic * h**3)))

    return Activation(
        "gelu_tanh",
        phi=lambda h: h * gate(h),
        derivative=lambda h: gate(h) * (1 + h * (1 - gate(h)) * 2 * root * (1 + 3 * cubic * h * h)),
    )


def _mish() -> Activation:
    def gate(h: Floats) -> Floats:
        """tanh(softplus(h)), without overflow: with e = exp(-|h|) a ratio of polynomials."""
        e = np.exp(-np.abs(h))
        up: Floats = (1 + 2 * e) / (1 + 2 * e + 2 * e * e)
        down: Floats = e * (e + 2) / (e * (e + 2) + 2)
        return np.where(h > 0, up, down)

    return Activation(
        "mish",
        phi=lambda h: h * gate(h),
        derivative=lambda h: gate(h) + h * (1 - gate(h) ** 2) * expit(h),
    )


def _tanhshrink(h: Floats) -> Floats:
    """h - tanh h; by its series near 0, where the difference cancels."""
    near = np.clip(h, -0.05, 0.05)
    s = near * near
    series = near * s * (1 / 3 - s * (2 / 15 - s * (17 / 315 - s * (62 / 2835 - s * 1382 / 155925))))
    return np.where(np.abs(h) < 0.05, series, h - np.tanh(h))


def _softshrink(bound: float) -> Activation:
    return Activation(
        f"softshrink({bound:g})",
        phi=lambda h: np.sign(h) * np.maximum(np.abs(h) - bound, 0.0),
        derivative=lambda h: np.where(np.abs(h) > bound, 1.0, 0.0),
        kinks=(-bound, bound),
        silent=((-bound, bound),),
    )


def _hardshrink(bound: float) -> Activation:
    return Activation(
        f"hardshrink({bound:g})",
        phi=lambda h: np.where(np.abs(h) > bound, h, 0.0),
        derivative=lambda h: np.where(np.abs(h) > bound, 1.0, 0.0),
        kinks=(-bound, bound),
        silent=((-bound, bound),),
    )


def _clipped(name: str, low: float, high: float, slope: float = 1.0, offset: float = 0.0) -> Activation:
    """clip(offset + slope * h) with kinks at `low` and `high`: hardtanh, relu6, hardsigmoid."""
    return Activation(
        name,
        phi=lambda h: offset + slope * np.clip(h, low, high),
        derivative=lambda h: np.where((h > low) & (h < high), slope, 0.0),
        kinks=(low, high),
        peak=slope,
        silent=((-INF, low), (high, INF)),
    )


def _smooth() -> tuple[Activation, ...]:
    return (
        Activation("gelu", lambda h: h * ndtr(h), lambda h: ndtr(h) + h * _density(h)),
        _gelu_tanh(),
        Activation("silu", lambda h: h * expit(h), lambda h: expit(h) * (1 + h * expit(-h))),
        _mish(),
        Activation(
            "hardswish",
            lambda h: h * np.clip(h + 3, 0, 6) / 6,
            lambda h: np.where(h > 3, 1.0, np.where(h < -3, 0.0, (2 * h + 3) / 6)),
            kinks=(-3.0, 3.0),
            silent=((-INF, -3.0),),
        ),
        Activation("softplus", lambda h: np.logaddexp(0.0, h), lambda h: np.asarray(expit(h))),
        Activation("logsigmoid", lambda h: -np.logaddexp(0.0, -h), lambda h: np.asarray(expit(-h))),
        Activation("tanh", np.tanh, lambda h: np.cosh(np.clip(h, -350, 350)) ** -2.0, peak=1.0),
        Activation("sigmoid", lambda h: np.asarray(expit(h)), lambda h: expit(h) * expit(-h), peak=0.25),
        Activation(
            "softsign", lambda h: h / (1 + np.abs(h)), lambda h: (1 + np.abs(h)) ** -2.0, kinks=(0.0,), peak=1.0
        ),
        Activation(
            "erf",
            lambda h: np.asarray(erf(h)),
            lambda h: 2 / math.sqrt(math.pi) * np.exp(-h * h),
            peak=2 / math.sqrt(math.pi),
        ),
        Activation("sin", np.sin, np.cos, oscillating=True),
        Activation("tanhshrink", _tanhshrink, lambda h: np.tanh(h) ** 2),
        Activation(
            "relu2", lambda h: np.maximum(h, 0.0) ** 2, lambda h: 2 * np.maximum(h, 0.0), (0.0,), silent=((-INF, 0.0),)
        ),
    )


_FIXED: dict[str, Activation] = {
    a.name: a
    for a in (
        _piecewise("linear", 1.0),
        _piecewise("relu", 0.0),
        _piecewise("rrelu", RRELU_SLOPE),
        replace(_clipped("relu6", 0.0, 6.0), peak=None),  # its lower side is a ReLU's: dead, not saturated
        _clipped("hardtanh", -1.0, 1.0),
        _clipped("hardsigmoid", -3.0, 3.0, 1 / 6, 0.5),
        _elu("selu", SELU_ALPHA, SELU_SCALE),
        *_smooth(),
    )
}
_PARAMETRIC: dict[str, tuple[Callable[[float], Activation], float]] = {
    "leaky_relu": (lambda a: _piecewise(f"leaky_relu({a:g})", a), 0.01),
    "prelu": (lambda a: _piecewise(f"prelu({a:g})", a), 0.25),
    "elu": (lambda a: _elu(f"elu({a:g})", a), 1.0),
    "celu": (lambda a: _elu(f"celu({a:g})", a, rate=1 / a), 1.0),
    "softshrink": (_softshrink, 0.5),
    "hardshrink": (_hardshrink, 0.5),
}
_GATED = {"glu": "sigmoid", "swiglu": "silu", "geglu": "gelu", "reglu": "relu", "bilinear": "linear"}
_ALIASES = {
    "identity": "linear", "none": "linear", "leakyrelu": "leaky_relu", "swish": "silu", "hardswish_": "hardswish",
    "hard_swish": "hardswish", "hard_tanh": "hardtanh", "hard_sigmoid": "hardsigmoid", "gelu_new": "gelu_tanh",
    "relu_squared": "relu2", "squared_relu": "relu2", "log_sigmoid": "logsigmoid",
}  # fmt: skip

NAMES: tuple[str, ...] = (*sorted((*_FIXED, *_PARAMETRIC)), *_GATED)
"""Every name that `activation` knows, gated units last."""


@lru_cache(maxsize=256)
def activation(text: str) -> Activation:
    """The activation that a person calls `text`: ``relu``, ``GELU``, ``leaky_relu(0.2)``, ``swiglu``.

    Raises:
        UsageError: no such activation; the message names the nearest ones.
    """
    match = re.fullmatch(r"\s*([A-Za-z_0-9]+)\s*(?:\(\s*([^()]*?)\s*\))?\s*", text)
    name = match.group(1).lower() if match else text.strip().lower()
    name = _ALIASES.get(name, name)
    argument = match.group(2) if match else None
    if name == "gelu" and argument in {"tanh", "'tanh'", '"tanh"'}:
        name, argument = "gelu_tanh", None
    if name not in NAMES:
        near = get_close_matches(name, NAMES, 3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(NAMES)}."
        raise UsageError(f"No activation is called {text!r}: {hint}")
    if name in _PARAMETRIC:
        build, default = _PARAMETRIC[name]
        value = _number(text, argument) if argument else default
        if name in {"celu", "softshrink", "hardshrink"} and not value > 0:
            raise UsageError(f"The parameter of {text!r} must be positive.")
        made = build(value)
        bare = value == default
        return replace(made, name=name if bare else made.name)
    if argument:
        raise UsageError(f"The activation {name!r} takes no parameter: write {name!r} instead of {text!r}.")
    if name in _GATED:
        inner = _FIXED[_GATED[name]]
        return replace(inner, name=name, gate=inner.name, peak=None)
    return _FIXED[name]


def _number(text: str, argument: str) -> float:
    try:
        value = float(argument.rpartition("=")[2])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"The parameter of the activation {text!r} is no number: write for example leaky_relu(0.2).")
    return value
