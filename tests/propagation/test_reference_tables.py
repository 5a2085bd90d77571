"""Tables of numbers derived and simulated elsewhere: gains, limits of V/q, edges of chaos, spreads over seeds."""

from __future__ import annotations

import math

import pytest

from embcheck.laws.fans import gain as documented_gain
from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.finite_width import spread
from embcheck.propagation.theory.fixed_points import fixed_point
from embcheck.propagation.theory.maps import log_v, moments
from embcheck.propagation.theory.trajectory import Step, follow

# activation, torch's calculate_gain, 1/sqrt V, 1/sqrt Var, 1/sqrt D, c_phi, c_grad, p (all at q = 1), V/q at 0 and oo
GAINS = [
    ("linear", 1, 1, 1, 1, 2, 2, 1, 1, 1),
    ("relu", 1.414214, 1.414214, 1.712859, 1.414214, 5, 5, 0.5, 0.5, 0.5),
    ("leaky_relu(0.01)", 1.414143, 1.414143, 1.704832, 1.414143, 4.9988, 4.9988, 0.5001, 0.50005, 0.50005),
    ("leaky_relu(0.2)", 1.386750, 1.386750, 1.546460, 1.386750, 4.5562, 4.5562, 0.5399, 0.52, 0.52),
    ("prelu(0.25)", None, 1.371989, 1.504610, 1.371989, 4.3356, 4.3356, 0.5623, 0.53125, 0.53125),
    ("elu", None, 1.245198, 1.270843, 1.223429, 2.7760, 2.9951, 0.7509, 1, 0.5),
    ("celu", None, 1.245198, 1.270843, 1.223429, 2.7760, 2.9951, 0.7509, 1, 0.5),
    ("selu", 0.75, 1.000000, 1.000000, 0.966026, 1.5031, 2.9486, 0.7598, 2.0974, 0.55199),
    ("gelu", None, 1.533530, 1.700926, 1.481114, 6.2156, 5.2650, 0.4789, 0.25, 0.5),
    ("gelu_tanh", None, 1.533581, 1.700917, 1.481168, 6.2178, 5.2651, 0.4788, 0.25, 0.5),
    ("silu", None, 1.676532, 1.787187, 1.623320, 6.2617, 4.9701, 0.5025, 0.25, 0.5),
    ("mish", None, 1.486848, 1.592025, 1.444755, 5.3494, 4.5124, 0.5442, 0.36, 0.5),
    ("hardswish", None, 1.736657, 1.813871, 1.670076, 6.6710, 5.0321, 0.4973, 0.25, 0.5),
    ("softplus", None, 1.041867, 1.919126, 1.846229, 1.7545, 3.5867, 0.6541, math.inf, 0.5),
    ("tanh", 1.666667, 1.592537, 1.592537, 1.467414, 0.6273, 3.7504, 0.6315, 1, 0),
    ("hardtanh", None, 1.392036, 1.392036, 1.210287, 0.6132, 3.3944, 0.6827, 1, 0),
    ("softsign", None, 2.337533, 2.337533, 2.095781, 0.5878, 5.4094, 0.4681, 1, 0),
    ("sigmoid", 1, 1.846229, 4.801313, 4.722646, 0.5289, 2.4109, 0.8795, math.inf, 0),
    ("hardsigmoid", None, 1.897840, 6.015034, 6.008116, 0.3776, 2.0081, 0.9973, math.inf, 0),
]


@pytest.mark.parametrize("row", GAINS, ids=lambda row: row[0])
def test_gains_at_one(row: tuple[object, ...]) -> None:
    name, documented, *exact = row
    m = moments(activation(str(name)), 1.0)
    found = (m.V**-0.5, m.variance**-0.5, m.D**-0.5, m.c_phi, m.c_grad, m.carrying)
    assert found == pytest.approx(tuple(exact[:6]), abs=5.1e-5, rel=4e-7)
    if documented is not None:
        base, _, slope = str(name).rstrip(")").partition("(")
        assert documented_gain(base, float(slope) if slope else None) == pytest.approx(documented, abs=6e-7)


@pytest.mark.parametrize("row", GAINS, ids=lambda row: row[0])
def test_growth_at_both_ends(row: tuple[object, ...]) -> None:
    f = activation(str(row[0]))
    for log_q, limit in ((-100.0, row[8]), (100.0, row[9])):
        ratio = log_v(f, log_q) - log_q
        if limit in {0, math.inf}:
            assert ratio < -90 if limit == 0 else ratio > 90
        else:
            assert math.exp(ratio) == pytest.approx(limit, rel=1e-4)


EDGES = [
    ("tanh", 0.01, 1.424205, 0.27330), ("tanh", 0.05, 1.760955, 0.57005), ("tanh", 0.1, 1.986073, 0.80580),
    ("selu", 0.01, 0.760233, 0.30894), ("selu", 0.05, 0.901766, 0.82730), ("selu", 0.1, 0.980327, 1.31350),
    ("silu", 0.01, 3.312588, 0.25971), ("silu", 0.05, 2.728612, 0.82658), ("silu", 0.1, 2.439555, 1.55191),
    ("hardswish", 0.01, 3.501039, 0.32067), ("hardswish", 0.05, 2.974341, 0.78155),
    ("hardswish", 0.1, 2.650810, 1.20047),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bias", "weight", "q"), EDGES)
def test_edges_of_chaos(name: str, bias: float, weight: float, q: float, edge_of_chaos) -> None:
    (point,) = edge_of_chaos(activation(name), bias)
    assert point.sigma_w2 == pytest.approx(weight, abs=6e-7)
    assert point.q == pytest.approx(q, abs=6e-6)
    if name in {"silu", "hardswish"} and bias <= 0.05:
        assert point.chi_q > 1  # repels: an edge on paper only


def test_sigmoid_has_an_edge_only_far_out(edge_of_chaos) -> None:
    for point in (p for bias in (0.01, 0.05, 0.1) for p in edge_of_chaos(activation("sigmoid"), bias)):
        assert point.sigma_w2 >= 103
        assert point.q > 40


def test_double_critical_points(double_critical) -> None:
    (hardswish,) = double_critical(activation("hardswish"))
    assert (hardswish.sigma_w2, hardswish.sigma_b2, hardswish.q) == pytest.approx(
        (1.97328958, 0.50714585, 4.803856), rel=2e-7
    )
    p = fixed_point(activation("tanh"), 1.0)
    assert (p.q, p.chi_1, p.chi_q) == pytest.approx((0.0, 1.0, 1.0), abs=1e-9)


# activation, sw2, width, depth, orthogonal, variance of ln q_L by formula (exact one-step moments below 128)
SPREADS = [
    ("relu", 2.0, 64, 50, False, 4.067),
    ("relu", 2.0, 256, 50, False, 0.957),
    ("relu", 2.0, 1024, 50, False, 0.2393),
    ("linear", 1.0, 64, 50, False, 1.555),
    ("linear", 1.0, 256, 50, False, 0.383),
    ("linear", 1.0, 1024, 50, False, 0.0957),
    ("tanh", 25 / 9, 256, 50, False, 0.002773),
    ("selu", 1.0, 256, 200, False, 0.01515),
    ("gelu", 2.0, 512, 50, False, 1.97**2),
    ("tanh", 1.0, 512, 50, False, 0.249**2),
    ("relu", 2.0, 64, 21, True, 0.9375),
]


@pytest.mark.parametrize(("name", "weight", "width", "depth", "orthogonal", "variance"), SPREADS)
def test_spreads_over_seeds(  # noqa: PLR0917 - a row of the table
    name: str, weight: float, width: int, depth: int, orthogonal: bool, variance: float
) -> None:
    f, steps = activation(name), [Step(weight, 0.0, width, width)] * depth
    found = spread(f, steps, follow(f, steps), orthogonal)
    assert found.var_q[-1] == pytest.approx(variance, rel=0.006)


@pytest.mark.parametrize(("name", "weight", "mean"), [("gelu", 2.0, -26.13), ("tanh", 1.0, -4.622)])
def test_means_over_seeds(name: str, weight: float, mean: float) -> None:
    f, steps = activation(name), [Step(weight, 0.0, 512, 512)] * 50
    path = follow(f, steps)
    assert path.log_q[-1] + spread(f, steps, path).mean_q[-1] == pytest.approx(mean, abs=0.006)


@pytest.mark.parametrize(("q", "p"), [(0.25, 0.880), (1, 0.632), (1.1785, 0.597), (4, 0.366), (20, 0.171)])
def test_carrying_units_of_tanh(q: float, p: float) -> None:
    assert moments(activation("tanh"), q).carrying == pytest.approx(p, abs=6e-4)
