"""Participation and turning of random softmax weights against simulation, closed limits and each other."""

from __future__ import annotations

import numpy as np
import pytest

from embcheck.propagation.theory.softmax import MOST, attention_moments, moments_at


@pytest.mark.parametrize("v", [0.01, 1.0, 4.0, 100.0])
@pytest.mark.parametrize("m", [2, 3, 16, 100])
def test_against_simulation(v: float, m: int) -> None:
    n = 20_000
    s = np.random.default_rng(m).standard_normal((n, m)) * np.sqrt(v)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p2, p3 = (p**2).sum(axis=1), (p**3).sum(axis=1)
    excess, turning = moments_at(v, m)[:, -1]
    for exact, sample in ((excess, m * p2 - 1), (turning, m * (p2 - 2 * p3 + p2**2))):
        assert abs(sample.mean() - exact) < 4.5 * sample.std() / np.sqrt(n)


def test_turning_is_what_independent_steps_of_the_scores_do() -> None:
    """E[sum dp^2] = w turning / m, with dp = p (ds - sum p ds)."""
    rng, n, m, v = np.random.default_rng(3), 100_000, 12, 1.5
    s, ds = rng.standard_normal((2, n, m))
    p = np.exp(np.sqrt(v) * s)
    p /= p.sum(axis=1, keepdims=True)
    dp = p * (ds - (p * ds).sum(axis=1, keepdims=True))
    moved = (dp**2).sum(axis=1)
    assert abs(moved.mean() - moments_at(v, m)[1, -1] / m) < 4.5 * moved.std() / np.sqrt(n)


def test_limits() -> None:
    m = np.arange(1, 65)
    excess, turning = moments_at(1e-6, 64)
    np.testing.assert_allclose(excess, np.expm1(1e-6) * (1 - 1 / m), rtol=1e-4, atol=1e-10)
    np.testing.assert_allclose(turning, 1 - 1 / m, atol=1e-5)
    excess, turning = moments_at(1e6, 64)
    np.testing.assert_allclose(excess, m - 1, atol=0.5)
    assert turning.max() < 0.1
    excess, turning = attention_moments(np.zeros((2, 2)), np.full((2, 2), 4))
    assert not excess.any()
    np.testing.assert_allclose(turning, 0.75)


def test_the_asymptotic_law_continues_the_exact_one() -> None:
    np.testing.assert_allclose(moments_at(MOST * 1.001, 20), moments_at(MOST * 0.999, 20), rtol=0.01, atol=1e-9)


@pytest.mark.parametrize("top", [1e-3, 1.0, 50.0, 3000.0])
def test_interpolation(top: float) -> None:
    v = np.linspace(top / 20, top, 20)
    keys = np.arange(2, 22)
    found = attention_moments(v, keys)
    exact = np.array([moments_at(float(x), int(m))[:, -1] for x, m in zip(v, keys, strict=True)]).T
    np.testing.assert_allclose(found, exact, rtol=2e-3 if top > MOST else 1e-5)
