"""The tabulated correlation map against closed forms, the exact one, and its own derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.kernel import gap
from embcheck.propagation.theory.kernel_table import correlation_map
from embcheck.propagation.theory.maps import moments

if TYPE_CHECKING:
    from embcheck.propagation.theory.activation import Activation

C = np.array([0.0, 0.05, 0.5, 0.9, 0.999, 1 - 1e-6, 1.0])


def covariance(f: Activation, q: float, c: float) -> float:
    """E[phi(u) phi(v)] at correlation c."""
    return moments(f, q).V - gap(f, q, 1 - c)


@pytest.mark.parametrize("q", [0.03, 0.303, 2.02, 30.0])
def test_relu_is_the_arc_cosine_kernel(q: float) -> None:
    """Cho and Saul 2009: of order 1 for the map, of order 0 for its slope."""
    kept, slope = correlation_map(activation("relu"), q, C)
    theta = np.arccos(C)
    np.testing.assert_allclose(kept, q / (2 * np.pi) * (np.sin(theta) + (np.pi - theta) * C), rtol=5e-5)
    np.testing.assert_allclose(slope, (np.pi - theta) / (2 * np.pi), rtol=5e-4)


@pytest.mark.parametrize("q", [0.303, 2.02])
def test_erf_is_williams_kernel(q: float) -> None:
    kept, slope = correlation_map(activation("erf"), q, C)
    np.testing.assert_allclose(kept, 2 / np.pi * np.arcsin(2 * q * C / (1 + 2 * q)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(slope, 4 / np.pi / np.sqrt((1 + 2 * q) ** 2 - (2 * q * C) ** 2), rtol=2e-4)


@pytest.mark.parametrize("name", ["gelu", "tanh", "swiglu", "hardtanh", "sigmoid", "elu"])
def test_values_and_slopes(name: str) -> None:
    f, q, h = activation(name), 1.37, 1e-4
    kept, slope = correlation_map(f, q, C)
    exact = np.array([covariance(f, q, float(c)) for c in C])
    np.testing.assert_allclose(kept, exact, rtol=2e-4, atol=1e-4 * exact[-1])
    inside = C[1:4]
    steps = [(covariance(f, q, float(c) + h) - covariance(f, q, float(c) - h)) / (2 * h * q) for c in inside]
    np.testing.assert_allclose(slope[1:4], steps, rtol=1e-3)
    assert kept[-1] == pytest.approx(moments(f, q).V, rel=1e-12)
    assert slope[-1] == pytest.approx(moments(f, q).D, rel=1e-12)


def test_any_shape_and_what_rounding_leaves_outside() -> None:
    c = np.array([[1 + 1e-12, 0.3], [-1e-12, 1.0]])
    kept, slope = correlation_map(activation("gelu"), 1.0, c)
    assert kept.shape == slope.shape == (2, 2)
    assert kept[0, 0] == kept[1, 1]
    assert np.isfinite(slope).all()
