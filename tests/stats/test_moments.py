"""Tails of mean and std against exact distributions and importance sampling."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.stats.moments import mean_test, scale_test
from embcheck.stats.saddlepoint import is_normal, summands, upper_tail

UNIT = Uniform(0.0, 1.0)
SYMMETRIC = TruncatedNormal(0.0, 1.0, -2.0, 2.0)
SKEWED = TruncatedNormal(0.0, 1.0, -0.5, 3.0)


def irwin_hall_sf(n: int, x: float) -> float:
    """P(sum of n unit uniforms > x), in exact rationals."""
    y = Fraction(n) - Fraction(x)
    terms = ((-1) ** k * math.comb(n, k) * (y - k) ** n for k in range(int(y) + 1))
    return float(sum(terms) / math.factorial(n))


@pytest.mark.parametrize(("n", "within"), [(2, 0.05), (3, 0.05), (8, 0.015), (16, 0.01), (64, 0.001)])
@pytest.mark.parametrize("z", [0.3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
def test_mean_of_uniforms_is_irwin_hall(n, within, z) -> None:
    shift = z / math.sqrt(12 * n)
    if shift >= 0.5:  # beyond the largest possible mean
        assert mean_test(n, 0.5 + shift, UNIT).p_value == 0
        return
    exact = 2 * irwin_hall_sf(n, n * (0.5 + shift))
    assert mean_test(n, 0.5 + shift, UNIT).p_value == pytest.approx(exact, rel=within)
    assert mean_test(n, 0.5 - shift, UNIT).p_value == pytest.approx(exact, rel=within)


def test_single_draw_is_judged_by_the_cdf() -> None:
    assert mean_test(1, 0.9, UNIT).p_value == pytest.approx(0.2, rel=1e-12)
    assert mean_test(1, 0.1, UNIT).p_value == pytest.approx(0.2, rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 30, 10**6])
@pytest.mark.parametrize("z", [-7.0, -2.0, 0.0, 1.0, 5.0])
def test_mean_of_normals_is_exact(n, z) -> None:
    law = Normal(0.3, 0.02)
    test = mean_test(n, 0.3 + z * 0.02 / math.sqrt(n), law)
    assert test.p_value == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-6)
    assert test.shift == pytest.approx(z / math.sqrt(n), abs=1e-12)


@pytest.mark.parametrize("n", [2, 5, 30, 1000])
@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.0, 1.1, 1.5])
def test_std_of_normals_is_chi_squared(n, ratio) -> None:
    law = Normal(0.0, 0.02)
    sample = 0.02 * ratio
    test = scale_test(n, 5.0, sample * math.sqrt((n - 1) / n), law)
    x = (n - 1) * ratio**2
    assert test.ratio == pytest.approx(ratio, rel=1e-12)
    assert test.p_small == pytest.approx(stats.chi2.cdf(x, n - 1), rel=1e-5)
    assert test.p_large == pytest.approx(stats.chi2.sf(x, n - 1), rel=1e-5)


def importance_sample(law, n: int, z: float, about_mean: bool) -> tuple[float, float, float]:
    """P(second moment beyond 1 + z standard errors), its standard error, and that moment, by exponential tilting."""
    rng = np.random.default_rng(20260101)
    edges = np.linspace(*law.support, 100_001)
    x = ((edges[1:] + edges[:-1]) / 2 - law.mean) / law.std
    weight = np.diff(law.cdf(edges))
    spread = math.sqrt(law.kurtosis - 1)
    y = (x**2 - 1) / spread
    low, high = -60.0, 60.0
    for _ in range(80):  # tilt so that the event is ordinary
        t = (low + high) / 2
        tilted = weight * np.exp(t * y)
        low, high = (t, high) if tilted @ y / tilted.sum() < z / math.sqrt(n) else (low, t)
    draws = np.searchsorted(np.cumsum(tilted) / tilted.sum(), rng.random((20_000, n))).clip(max=x.size - 1)
    log_ratio = n * math.log(tilted.sum()) - t * y[draws].sum(1)
    moment = x[draws].var(1, ddof=1) if about_mean else (x[draws] ** 2).mean(1)
    error = math.sqrt(law.kurtosis - 1 + 2 / (n - 1)) if about_mean else spread
    threshold = 1 + z * error / math.sqrt(n)
    value = (moment >= threshold if z > 0 else moment <= threshold) * np.exp(log_ratio)
    return float(value.mean()), float(value.std() / math.sqrt(value.size)), threshold


@pytest.mark.parametrize(
    ("law", "n", "z", "within"),
    [
        (UNIT, 64, 3, 0.05), (UNIT, 64, 5, 0.05), (UNIT, 64, -3, 0.05), (UNIT, 256, -5, 0.05), (UNIT, 8, 5, 0.05),
        (UNIT, 16, -3, 0.05), (SYMMETRIC, 64, 5, 0.06), (SYMMETRIC, 256, 5, 0.05), (SYMMETRIC, 256, -5, 0.06),
        (SYMMETRIC, 16, 5, 0.05), (SKEWED, 16, 5, 0.05), (SKEWED, 256, 5, 0.05), (SKEWED, 256, -5, 0.05),
    ],
)  # fmt: skip
def test_std_of_other_laws(law, n, z, within) -> None:
    about_mean = n >= 64 and law is not SKEWED
    truth, error, threshold = importance_sample(law, n, z, about_mean)
    factor = (n - 1) / n if about_mean else 1.0
    test = scale_test(n, law.mean, law.std * math.sqrt(threshold * factor), law)
    found = test.p_large if z > 0 else test.p_small
    assert found == pytest.approx(truth, rel=within + 4 * error / truth)


def test_shifted_mean_is_no_wrong_scale() -> None:
    x = np.random.default_rng(0).uniform(0.4, 1.4, 10_000)
    assert mean_test(x.size, x.mean(), UNIT).p_value < 1e-100
    test = scale_test(x.size, x.mean(), x.std(), UNIT)
    assert min(test.p_small, test.p_large) > 0.01


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_directed_rounding_is_within_the_allowance(dtype) -> None:
    """Values cut towards zero at a million draws: far outside a plain test, inside the composite null."""
    bits = {"bfloat16": 7, "float16": 10}[dtype]
    x = np.random.default_rng(1).normal(0.0, 0.02, 1_000_000)
    mantissa, exponent = np.frexp(x)
    x = np.ldexp(np.trunc(np.ldexp(mantissa, bits + 1)), exponent - bits - 1)
    law = Normal(0.0, 0.02)
    composite = scale_test(x.size, x.mean(), x.std(), law, dtype)
    assert min(composite.p_small, composite.p_large) > 1e-3
    if dtype == "bfloat16":
        assert scale_test(x.size, x.mean(), x.std(), law).p_small < 1e-6


def test_two_percent_off_is_caught_in_bfloat16() -> None:
    assert scale_test(10**6, 0.0, 0.02 * 1.02, Normal(0.0, 0.02), "bfloat16").p_large < 1e-50


def test_value_that_cannot_be_reached_has_probability_zero() -> None:
    y, mass = summands(UNIT, 1)
    assert upper_tail(y, mass, 4, 2 * math.sqrt(3) + 1) == 0
    assert upper_tail(y, mass, 4, -2 * math.sqrt(3) - 1) == 1


@pytest.mark.parametrize(
    ("law", "normal"),
    [(Normal(3.0, 0.1), True), (TruncatedNormal(0, 0.02, -2, 2), True), (UNIT, False), (SYMMETRIC, False)],
)
def test_normal_is_recognised(law, normal) -> None:
    assert is_normal(law) is normal
