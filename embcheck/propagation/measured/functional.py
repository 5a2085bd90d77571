"""The activations as torch runs them, by the names of `activations`: what is measured is torch's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

Elementwise = Callable[[torch.Tensor], torch.Tensor]

_PLAIN: dict[str, Elementwise] = {
    "linear": torch.Tensor.clone,
    "relu": F.relu,
    "rrelu": lambda h: F.rrelu(h, training=False),
    "relu6": F.relu6,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu_tanh": lambda h: F.gelu(h, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "hardswish": F.hardswish,
    "hardtanh": F.hardtanh,
    "tanh": torch.tanh,
    "softsign": F.softsign,
    "sigmoid": torch.sigmoid,
    "hardsigmoid": F.hardsigmoid,
    "softplus": F.softplus,
    "logsigmoid": F.logsigmoid,
    "tanhshrink": F.tanhshrink,
    "erf": torch.erf,
    "sin": torch.sin,
    "relu2": lambda h: F.relu(h).square(),
}
_PARAMETRIC: dict[str, tuple[Callable[[torch.Tensor, float], torch.Tensor], float]] = {
    "leaky_relu": (F.leaky_relu, 0.01),
    "prelu": (lambda h, a: F.prelu(h, torch.full((1,), a, dtype=h.dtype, device=h.device)), 0.25),
    "elu": (F.elu, 1.0),
    "celu": (F.celu, 1.0),
    "softshrink": (F.softshrink, 0.5),
    "hardshrink": (F.hardshrink, 0.5),
}


def elementwise(f: Activation) -> Elementwise:
    """torch's function of that name (of the gate, for a gated unit)."""
    name, _, argument = (f.gate or f.name).rstrip(")").partition("(")
    if name in _PLAIN:
        return _PLAIN[name]
    function, default = _PARAMETRIC[name]
    value = float(argument) if argument else default
    return lambda h: function(h, value)


def apply(f: Activation, h: torch.Tensor) -> torch.Tensor:
    """The activation, gated ones included: of a gated unit's 2n pre-activations the first half is the value."""
    if not f.gated:
        return elementwise(f)(h)
    value, gate = h.chunk(2, dim=-1)
    return value * elementwise(f)(gate)


def with_derivative(function: Elementwise, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(phi(h), phi'(h)), the derivative by autograd: what training would use."""
    with torch.enable_grad():
        leaf = h.detach().requires_grad_(True)
        y = function(leaf)
        # of the sum, whatever its value: handing over a gradient makes torch import sympy, a third of a second
        (slope,) = torch.autograd.grad(y.sum(), leaf)
    return y.detach(), slope
