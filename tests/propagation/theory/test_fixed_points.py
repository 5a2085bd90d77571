"""Fixed points, slopes and depth scales against the defining equations and tables of the literature."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.fixed_points import (
    depth_scale,
    fixed_point,
    root,
)
from embcheck.propagation.theory.maps import moments


@pytest.mark.parametrize(
    ("name", "sw", "sb", "q", "chi_q", "chi_1"),
    [
        ("relu", 1.0, 0.0, 0.0, 0.5, 0.5),
        ("relu", 1 / 3, 1 / 3072, 2 / (5 * 1024), 1 / 6, 1 / 6),  # q = sb / (1 - sw / 2)
        ("relu", 2.0, 0.0, 2.0, 1.0, 1.0),  # any q; here where it starts
        ("relu", 2.2, 0.0, math.inf, 1.1, 1.1),
        ("gelu", 1.0, 0.0, 0.0, 0.25, 0.25),
        ("gelu", 2.3518, 0.0, math.inf, 1.1759, 1.1759),
        ("mish", 2.0, 0.0, 0.0, 0.72, 0.72),
        ("elu", 1.0, 0.0, 0.0, 1.0, 1.0),
        ("tanh", 1.0, 0.0, 0.0, 1.0, 1.0),
    ],
)
def test_limits_known_in_closed_form(*, name: str, sw: float, sb: float, q: float, chi_q: float, chi_1: float) -> None:
    found = fixed_point(activation(name), sw, sb, sw + sb)
    assert found.q == pytest.approx(q, rel=1e-10)
    assert found.chi_q == pytest.approx(chi_q, rel=1e-9)
    assert found.chi_1 == pytest.approx(chi_1, rel=1e-9)


@given(
    name=st.sampled_from(["tanh", "sigmoid", "erf", "hardtanh", "softsign", "selu", "gelu", "silu", "softplus"]),
    sw=st.floats(0.1, 4.0),
    sb=st.floats(1e-4, 1.0),
)
@settings(max_examples=60, deadline=None)
def test_a_finite_fixed_point_satisfies_the_map(name: str, sw: float, sb: float) -> None:
    f = activation(name)
    p = fixed_point(f, sw, sb, sw + sb)
    if 0 < p.q < math.inf:
        m = moments(f, p.q)
        assert sw * m.V + sb == pytest.approx(p.q, rel=1e-11)
        assert p.chi_1 == pytest.approx(sw * m.D, rel=1e-12)
        # Reached by iteration from the same start, so it is the right root.
        q = sw + sb
        for _ in range(3000):
            q = sw * moments(f, q).V + sb
            if abs(q / p.q - 1) < 1e-6:
                break
        assert abs(q / p.q - 1) < 0.02 or abs(p.chi_q - 1) < 5e-3


def test_depth_scales() -> None:
    assert depth_scale(0.5) == pytest.approx(1 / math.log(2))
    assert depth_scale(1.0) == math.inf
    assert depth_scale(1.1) < 0
    assert depth_scale(0.0) == 0.0


def test_root_is_exact_to_rounding() -> None:
    assert root(lambda x: x * x - 2, 0.0, 2.0) == pytest.approx(math.sqrt(2), rel=4e-16)
    assert root(lambda x: math.exp(x) - 1e-3, -50.0, 50.0) == pytest.approx(math.log(1e-3), rel=1e-14)


def test_c_star(correlation_limit) -> None:
    tanh = activation("tanh")
    assert correlation_limit(tanh, 2.0, fixed_point(tanh, 2.0).q) == pytest.approx(0.0, abs=1e-12)
    assert correlation_limit(activation("sigmoid"), 1.0, 0.264687) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("bias", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("name", ["tanh", "selu", "silu", "hardswish"])
def test_the_edge_of_chaos_satisfies_its_equations(name: str, bias: float, edge_of_chaos) -> None:
    f = activation(name)
    (point,) = edge_of_chaos(f, bias)
    m = moments(f, point.q)
    assert point.sigma_w2 * m.D == pytest.approx(1.0, rel=1e-12)
    assert point.sigma_w2 * m.V + bias == pytest.approx(point.q, rel=1e-12)
    # GELU-like edges at small bias repel: on the edge, but never reached.
    assert (point.chi_q > 1) == (name in {"silu", "hardswish"})


def test_double_critical_points_have_both_slopes_one(double_critical) -> None:
    for name in ("silu", "gelu", "hardswish"):
        (point,) = double_critical(activation(name))
        m = moments(activation(name), point.q)
        assert point.sigma_w2 * m.slope == pytest.approx(1.0, rel=1e-12)
        assert point.sigma_w2 * m.D == pytest.approx(1.0, rel=1e-12)
        assert point.sigma_w2 * m.V + point.sigma_b2 == pytest.approx(point.q, rel=1e-12)
