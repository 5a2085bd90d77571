"""Drift and spread at finite width against the exact chain, against networks, and against closed forms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import digamma, polygamma

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.finite_width import exact_step, spread
from embcheck.propagation.theory.trajectory import Step, follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.theory.activation import Activation, Floats


def sample_chain(f: Activation, steps: Sequence[Step], networks: int, *, seed: int) -> Floats:
    """The exact chain of one input through Gaussian weights, without the weights: [networks, layers] of ln Q."""
    rng = np.random.default_rng(seed)
    q = np.full(networks, steps[0].sigma_w2 + steps[0].sigma_b2)
    rows = [q]
    for step in steps[1:]:
        h = np.sqrt(q)[:, None] * rng.standard_normal((networks, step.fan_in))
        y = f.phi(h)
        q = step.sigma_w2 * np.einsum("ij,ij->i", y, y) / step.fan_in + step.sigma_b2
        rows.append(q)
    chain = np.stack(rows, axis=1)
    return np.asarray(np.log(chain))


def predict(name: str, sw: float, n: int, depth: int, orthogonal: bool = False) -> tuple[float, float, float]:
    """(mean-field ln q_L, mean shift, variance)."""
    f, steps = activation(name), [Step(sw, 0.0, n, n)] * depth
    path = follow(f, steps)
    s = spread(f, steps, path, orthogonal)
    return path.log_q[-1], s.mean_q[-1], s.var_q[-1]


@pytest.mark.parametrize(
    ("name", "sw", "n", "depth"),
    [("relu", 2.0, 64, 30), ("relu", 2.0, 256, 50), ("linear", 1.0, 64, 30), ("tanh", 25 / 9, 256, 30),
     ("selu", 1.0, 256, 30), ("tanh", 1.0, 256, 50), ("sigmoid", 1.0, 128, 10)],
)  # fmt: skip
def test_the_recursion_is_the_exact_chain(name: str, sw: float, n: int, depth: int) -> None:
    f, nets = activation(name), 1500
    chain = sample_chain(f, [Step(sw, 0.0, n, n)] * depth, nets, seed=3)[:, -1]
    mean_field, shift, variance = predict(name, sw, n, depth)
    error = math.sqrt(variance / nets)
    assert abs(chain.mean() - mean_field - shift) < 4 * error + 0.03 * abs(shift)
    # relative standard error of a variance of near-normal values: sqrt(2 / nets) = 3.7%
    assert chain.var(ddof=1) == pytest.approx(variance, rel=4 * math.sqrt(2 / nets))


def test_bias_shares_the_noise() -> None:
    f, n, nets = activation("relu"), 64, 4000
    steps = [Step(1.0, 0.5, n, n)] * 20
    chain = sample_chain(f, steps, nets, seed=4)[:, -1]
    path = follow(f, steps)
    s = spread(f, steps, path)
    assert abs(chain.mean() - path.log_q[-1] - s.mean_q[-1]) < 4 * math.sqrt(s.var_q[-1] / nets) + 2e-3
    assert chain.var() == pytest.approx(s.var_q[-1], rel=0.1)


def test_one_step_of_a_narrow_relu() -> None:
    rng, n = np.random.default_rng(1), 24
    z = np.maximum(rng.standard_normal((200_000, n)), 0)
    x = np.log(2 * (z**2).mean(axis=1))
    x = x[np.isfinite(x)]
    variance, mean = exact_step(linear=False, n=n)
    assert abs(x.mean() - mean) < 5 * x.std() / math.sqrt(x.size)
    assert x.var() == pytest.approx(variance, rel=0.02)
    assert exact_step(linear=True, n=10) == pytest.approx((float(polygamma(1, 5)), float(digamma(5)) - math.log(5)))


def test_orthogonal_weights_fluctuate_less() -> None:
    """c_orth = c_phi - 2 (d ln V / d ln q)^2: 3 for ReLU, 0 for linear (Saxe et al. 2013)."""
    assert predict("relu", 2.0, 64, 21, orthogonal=True)[2] == pytest.approx(3 * 20 / 64)
    assert predict("linear", 1.0, 64, 21, orthogonal=True)[2] == pytest.approx(0.0, abs=1e-12)


def test_tangent_power_of_gaussian_networks() -> None:
    """ln |J t|^2 of a tanh network, simulated with weights, against the joint recursion."""
    rng, n, depth, nets, sw = np.random.default_rng(8), 48, 12, 700, 2.0
    steps = [Step(sw, 0.0, n, n)] * depth
    x = rng.standard_normal((nets, n)) * math.sqrt(sw)
    t = rng.standard_normal((nets, n))
    start = np.log((t**2).mean(axis=1))
    for _ in range(depth - 1):
        w = rng.standard_normal((nets, n, n)) * math.sqrt(sw / n)
        t = np.einsum("kij,kj->ki", w, t / np.cosh(x) ** 2)
        x = np.einsum("kij,kj->ki", w, np.tanh(x))
    seen = np.log((t**2).mean(axis=1)) - start
    f = activation("tanh")
    path = follow(f, steps)
    s = spread(f, steps, path)
    assert abs(seen.mean() - path.log_t[-1] - s.mean_t[-1]) < 4 * seen.std() / math.sqrt(nets) + 0.03
    # Gaussian endpoints bring their own 2/n each.
    assert seen.var() == pytest.approx(s.var_t[-1] + 2 / n, rel=0.25)
