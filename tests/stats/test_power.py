from __future__ import annotations

import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.stats.extremes import coverage_tail, too_far
from embcheck.stats.moments import mean_test, scale_test
from embcheck.stats.power import (
    smallest_cut,
    smallest_distance,
    smallest_outlier,
    smallest_scale_error,
    smallest_shift,
)

ALPHA = 1e-3 / 300


def test_shift_formula() -> None:
    due = (stats.norm.isf(ALPHA / 2) + stats.norm.isf(0.1)) / 100
    assert smallest_shift(10_000, ALPHA) == pytest.approx(due, rel=1e-9)
    assert smallest_shift(10_000, ALPHA, allowance=0.5) == pytest.approx(due + 0.5, rel=1e-9)
    assert smallest_shift(10_000, ALPHA, power=0.5) == pytest.approx(stats.norm.isf(ALPHA / 2) / 100, rel=1e-9)


@pytest.mark.parametrize("n", [100, 10_000, 1_000_000])
@pytest.mark.parametrize("small", [True, False])
def test_scale_error_of_normals_against_chi_squared(n, small) -> None:
    error = smallest_scale_error(n, ALPHA, 3.0, small=small)
    ratio = 1 - error if small else 1 + error
    if small:
        power = stats.chi2.cdf(stats.chi2.ppf(ALPHA, n - 1) / ratio**2, n - 1)
    else:
        power = stats.chi2.sf(stats.chi2.isf(ALPHA, n - 1) / ratio**2, n - 1)
    assert power == pytest.approx(0.9, abs=0.1 if n == 100 else 0.02)


def test_power_of_mean_and_scale_of_uniforms_by_simulation() -> None:
    generator, law, n, runs = torch.Generator().manual_seed(5), Uniform(0.0, 1.0), 400, 2000
    x = torch.rand(runs, n, generator=generator, dtype=torch.float64)
    shift = smallest_shift(n, ALPHA) * law.std
    caught = sum(mean_test(n, float(m), law).p_value <= ALPHA for m in (x + shift).mean(1))
    assert caught / runs == pytest.approx(0.9, abs=0.05)
    ratio = 1 + smallest_scale_error(n, ALPHA, law.kurtosis)
    y = (x - 0.5) * ratio + 0.5
    pairs = zip(y.mean(1), y.std(1, correction=0), strict=True)
    caught = sum(scale_test(n, float(m), float(s), law).p_large <= ALPHA for m, s in pairs)
    assert caught / runs == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize("n", [100, 1_000_000])
def test_distance_is_enough_for_scipys_kolmogorov(n) -> None:
    d = smallest_distance(n, ALPHA)
    critical = stats.kstwo.isf(ALPHA, n)
    assert d > critical
    assert d - critical == pytest.approx(stats.norm.isf(0.1) * 0.5 / math.sqrt(n), rel=0.1)


@pytest.mark.parametrize("n", [10, 1000, 10**6])
def test_cut_and_outlier_are_just_significant(n) -> None:
    q = smallest_cut(n, ALPHA)
    assert 3 * coverage_tail(n, q) <= ALPHA * (1 + 1e-9)
    assert 3 * coverage_tail(n, 0.9 * q) > ALPHA
    z = smallest_outlier(n, ALPHA, Normal(0.0, 1.0))
    assert too_far(n, -1.0, z * 1.0001, Normal(0.0, 1.0)).p_value <= ALPHA
    assert too_far(n, -1.0, z * 0.99, Normal(0.0, 1.0)).p_value > ALPHA
