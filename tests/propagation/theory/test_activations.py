"""The numpy activations against the functions that torch really has, and their derivatives against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from embcheck.errors import UsageError
from embcheck.propagation.theory.activations import NAMES, activation

TORCH = {
    "celu": F.celu, "celu(0.5)": lambda h: F.celu(h, 0.5), "elu": F.elu, "elu(0.7)": lambda h: F.elu(h, 0.7),
    "erf": torch.erf, "gelu": F.gelu, "gelu_tanh": lambda h: F.gelu(h, approximate="tanh"),
    "hardshrink": F.hardshrink, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish, "hardtanh": F.hardtanh,
    "leaky_relu": F.leaky_relu, "leaky_relu(0.2)": lambda h: F.leaky_relu(h, 0.2), "linear": torch.clone,
    "logsigmoid": F.logsigmoid, "mish": F.mish, "prelu": lambda h: F.prelu(h, torch.tensor([0.25], dtype=h.dtype)),
    "relu": F.relu, "relu2": lambda h: F.relu(h) ** 2, "relu6": F.relu6, "rrelu": lambda h: F.rrelu(h, training=False),
    "selu": F.selu, "sigmoid": torch.sigmoid, "silu": F.silu, "sin": torch.sin, "softplus": F.softplus,
    "softshrink": F.softshrink, "softsign": F.softsign, "tanh": torch.tanh, "tanhshrink": F.tanhshrink,
}  # fmt: skip
GATED = {"bilinear", "geglu", "glu", "reglu", "swiglu"}


def test_every_name_is_compared_here() -> None:
    assert {name.partition("(")[0] for name in TORCH} | GATED == set(NAMES)


@pytest.mark.parametrize("name", sorted(TORCH))
def test_function_and_derivative_are_torchs(name: str) -> None:
    # Off the kinks by a shift. torch rounds the slope of hardsigmoid to float32 and cuts softplus off at 20 (2e-9).
    h = torch.linspace(-30, 30, 4001, dtype=torch.float64) + 1.2345678e-3
    h.requires_grad_(True)
    y = TORCH[name](h)
    (slope,) = torch.autograd.grad(y.sum(), h)
    f = activation(name)
    x = h.detach().numpy()
    np.testing.assert_allclose(f.phi(x), y.detach().numpy(), rtol=1e-7, atol=6e-9)
    np.testing.assert_allclose(f.derivative(x), slope.numpy(), rtol=1e-7, atol=6e-9)


@pytest.mark.parametrize("name", sorted(TORCH))
def test_silent_intervals_are_where_the_derivative_is_zero(name: str) -> None:
    f = activation(name)
    x = np.linspace(-20, 20, 8001) + 1e-4
    inside = np.zeros(x.shape, dtype=bool)
    for low, high in f.silent:
        inside |= (x > low) & (x < high)
    assert np.array_equal(f.derivative(x) == 0, inside)


@pytest.mark.parametrize("name", sorted(TORCH))
def test_peak_is_the_largest_slope(name: str) -> None:
    f = activation(name)
    if f.peak is not None:
        assert np.max(np.abs(f.derivative(np.linspace(-9, 9, 200001) + 1e-9))) == pytest.approx(f.peak, rel=1e-3)
    # sin has no end to saturate at, and the lower side of relu6 is a ReLU's: dead, not saturated
    bounded = bool(np.ptp(f.phi(np.array([-1e9, -1e6, 1e6, 1e9]))) < 10)
    assert (f.peak is not None) == (bounded and name not in {"sin", "relu6"})


def test_spellings() -> None:
    assert activation("GELU").name == "gelu"
    assert activation("gelu('tanh')").name == "gelu_tanh"
    assert activation("LeakyReLU(0.2)") is activation("LeakyReLU(0.2)")
    assert activation("leaky_relu(negative_slope=0.3)").slopes == (1.0, 0.3)
    assert activation("swish").name == "silu"


@pytest.mark.parametrize(
    ("text", "part"),
    [("rleu", "did you mean relu"), ("tanhh", "tanh"), ("leaky_relu(x)", "no number"), ("tanh(2)", "no parameter"),
     ("celu(0)", "positive"), ("", "known are"), ("relu(", "did you mean")],
)  # fmt: skip
def test_what_is_not_an_activation_is_named_with_its_neighbours(text: str, part: str) -> None:
    with pytest.raises(UsageError, match=part.replace("(", r"\(")):
        activation(text)
