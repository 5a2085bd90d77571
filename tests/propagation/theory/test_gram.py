"""Networks without weights against networks with weights, closed forms, and the recursion where it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import digamma, polygamma

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.gram import sample_networks
from embcheck.propagation.theory.trajectory import Step, follow


def drawn(name: str, n: int, depth: int, *, sw: float, sb: float, inputs: int, nets: int) -> np.ndarray:
    """[nets, 3]: ln change of q, s and of the tangents' power over the depth, with weights."""
    rng, f = np.random.default_rng(5), activation(name)
    x = rng.standard_normal((nets, inputs, n))
    t = rng.standard_normal((nets, inputs, n))
    found = []
    for layer in range(depth):
        w = rng.standard_normal((nets, n, n)) * math.sqrt(sw / n)
        b = rng.standard_normal((nets, 1, n)) * math.sqrt(sb)
        if layer:
            x, t = f.phi(x), f.derivative(x) * t
            t = t @ w
        x = x @ w + b
        if layer in {0, depth - 1}:
            found.append([
                np.log((x**2).mean(axis=2)).mean(axis=1), np.log(x.var(axis=1, ddof=1).mean(axis=1)),
                np.log((t**2).mean(axis=2)).mean(axis=1),
            ])  # fmt: skip
    return (np.array(found[1]) - np.array(found[0])).T


@pytest.mark.parametrize(("name", "sw", "sb"), [("relu", 2.0, 0.0), ("tanh", 2.0, 0.1), ("gelu", 2.0, 0.0)])
def test_the_law_is_that_of_networks_with_weights(name: str, sw: float, sb: float) -> None:
    n, depth, inputs, nets = 32, 8, 4, 600
    real = drawn(name, n, depth, sw=sw, sb=sb, inputs=inputs, nets=nets)
    free = sample_networks(activation(name), [Step(sw, sb, n, n)] * depth, seed=2, networks=nets, inputs=inputs)
    for i, log in enumerate((free.log_q, free.log_s, free.log_t)):
        # two independent samples of one distribution: Kolmogorov-Smirnov at a level that a fixed seed passes or not
        assert stats.ks_2samp(real[:, i], log[:, -1] - log[:, 0]).pvalue > 1e-3, "q s t"[2 * i]


def test_one_linear_step_in_closed_form() -> None:
    """ln of a chi-square with n degrees of freedom over n, from layer to layer."""
    n, nets = 20, 4000
    free = sample_networks(activation("linear"), [Step(1.0, 0.0, n, n)] * 2, seed=1, networks=nets, inputs=1)
    step = free.log_q[:, 1] - free.log_q[:, 0]
    mean, variance = float(digamma(n / 2) - math.log(n / 2)), float(polygamma(1, n / 2))
    assert abs(step.mean() - mean) < 4 * math.sqrt(variance / nets)
    assert step.var() == pytest.approx(variance, rel=0.1)


def test_published_spread_of_relu() -> None:
    """He-ReLU, one input: variance of ln q_L at n = 64, L = 50, simulated elsewhere as 4.012 +- .090."""
    free = sample_networks(activation("relu"), [Step(2.0, 0.0, 64, 64)] * 50, seed=3, networks=1500, inputs=1)
    assert free.log_q[:, -1].var() == pytest.approx(4.012, rel=4 * math.sqrt(2 / 1500))


def test_gated_units() -> None:
    """E[(a silu(b))^2] at q = 1: the mean over networks of q itself is the mean field's."""
    steps = [Step(1.0, 0.0, 512, 512)] * 2
    f = activation("swiglu")
    free = sample_networks(f, steps, seed=4, networks=400, inputs=2)
    q = np.exp(free.log_q[:, 1])
    # q varies by 2/n before the map, whose curvature is of order 1
    assert abs(q.mean() - math.exp(follow(f, steps).log_q[1])) < (4 * q.std() / 20) + 2 / 512


def test_great_depths_stay_finite() -> None:
    free = sample_networks(activation("relu"), [Step(1.0, 0.0, 40, 40)] * 3000, seed=0, networks=3, inputs=2)
    assert np.isfinite(free.log_q).all()
    assert np.isfinite(free.log_t).all()
    assert free.log_q[:, -1].max() < -1500


def test_a_signal_below_rounding_follows_the_tangents() -> None:
    """Sigmoid loses a factor of 0.0557 a layer."""
    steps = [Step(1.0, 0.0, 256, 256)] * 30
    free = sample_networks(activation("sigmoid"), steps, seed=0, networks=8, inputs=4)
    late = (free.log_s[:, -1] - free.log_s[:, 12]).mean() / 17
    assert late == pytest.approx(math.log(0.055721), abs=0.03)
