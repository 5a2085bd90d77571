"""The gap V - C against closed forms in enough digits, and against an independent double integral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mpmath as mp
import numpy as np
import pytest

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.kernel import gap, jumps
from embcheck.propagation.theory.maps import moments

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

DELTAS = (1.0, 0.5, 0.01, 1e-4, 1e-7, 1e-12, 1e-30)


def covariance(f: Activation, q: float, c: float) -> float:
    """E[phi(u) phi(v)] at correlation c."""
    return moments(f, q).V - gap(f, q, 1 - c)


def arc_cosine(q: mp.mpf, delta: mp.mpf) -> mp.mpf:
    """Cho and Saul 2009, order 1, with the normalisation of a ReLU."""
    c = 1 - delta
    theta = mp.acos(c)
    return q / 2 - q / (2 * mp.pi) * (mp.sin(theta) + (mp.pi - theta) * c)


def erf_kernel(q: mp.mpf, delta: mp.mpf) -> mp.mpf:
    """Williams 1997."""
    return 2 / mp.pi * (mp.asin(2 * q / (1 + 2 * q)) - mp.asin(2 * q * (1 - delta) / (1 + 2 * q)))


def sine_kernel(q: mp.mpf, delta: mp.mpf) -> mp.mpf:
    return mp.exp(-q) * (mp.sinh(q) - mp.sinh(q * (1 - delta)))


@pytest.mark.parametrize("q", [0.01, 1.0, 4.0, 100.0])
@pytest.mark.parametrize("delta", DELTAS)
@pytest.mark.parametrize(
    ("name", "kernel", "digits"), [("relu", arc_cosine, 1e-12), ("erf", erf_kernel, 1e-7), ("sin", sine_kernel, 1e-7)]
)
def test_closed_forms(name: str, kernel: object, digits: float, q: float, delta: float) -> None:
    with mp.workdps(80):
        exact = float(kernel(mp.mpf(q), mp.mpf(delta)))  # type: ignore[operator]
    # 1e-9 relative is what the function states; below, rounding of phi(u) - phi(v) adds 1e-16 / sqrt(delta)
    assert gap(activation(name), q, delta) == pytest.approx(exact, rel=max(1e-9, min(digits, 1e-14 / delta)))


@pytest.mark.parametrize("name", ["tanh", "gelu", "hardtanh", "relu6", "hardshrink", "selu", "softshrink", "swiglu"])
@pytest.mark.parametrize("delta", [0.9, 0.2, 0.003])
def test_monte_carlo(name: str, delta: float) -> None:
    f, q, n = activation(name), 2.3, 1_000_000
    rng = np.random.default_rng(11)
    z = rng.standard_normal((4, n))

    def pair(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        c = 1 - delta
        return np.sqrt(q) * a, np.sqrt(q) * (c * a + np.sqrt(1 - c * c) * b)

    u, v = pair(z[0], z[1])
    y, x = f.phi(u), f.phi(v)
    if f.gated:
        a, b = pair(z[2], z[3])
        y, x = y * a, x * b
    half = 0.5 * (y - x) ** 2
    assert abs(half.mean() - gap(f, q, delta)) < 5 * half.std() / np.sqrt(n)


def test_ends() -> None:
    f = activation("tanh")
    assert gap(f, 1.0, 0.0) == 0.0
    assert covariance(f, 1.0, 0.0) == pytest.approx(0.0, abs=1e-13)
    assert covariance(activation("sigmoid"), 1.0, 0.0) == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize("name", ["tanh", "hardtanh", "gelu", "elu"])
def test_the_slope_at_one_is_chi(name: str) -> None:
    """Price's theorem: d C / d c at c = 1 is q D, which holds for every phi without jumps."""
    f = activation(name)
    assert gap(f, 1.5, 1e-9) == pytest.approx(1.5 * moments(f, 1.5).D * 1e-9, rel=1e-4)


def test_a_jump_loses_the_square_root() -> None:
    """hardshrink: autograd's chi_1 is not the slope of its correlation map."""
    f = activation("hardshrink")
    assert jumps(f)
    assert not jumps(activation("softshrink"))
    assert not jumps(activation("relu"))
    assert gap(f, 1.0, 1e-10) / gap(f, 1.0, 1e-12) == pytest.approx(10.0, rel=1e-3)
