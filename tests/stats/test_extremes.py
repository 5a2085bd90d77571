from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.stats.extremes import coverage_tail, not_far_enough, open_sides, too_far

NORMAL = Normal(0.0, 1.0)


@pytest.mark.parametrize("n", [2, 30, 10**6])
@pytest.mark.parametrize("missing", [1e-8, 1e-3, 0.1, 0.9])
def test_coverage_is_beta(n, missing) -> None:
    assert coverage_tail(n, missing) == pytest.approx(stats.beta.cdf(1 - missing, n - 1, 2), rel=1e-6, abs=1e-300)


@pytest.mark.parametrize(("n", "high"), [(100, 4.0), (10**6, 6.0), (10**6, 8.0)])
def test_too_far_is_the_law_of_the_maximum(n, high) -> None:
    reach = too_far(n, -1.0, high, NORMAL)
    assert reach.side == "high"
    assert reach.p_value == pytest.approx(2 * -np.expm1(n * np.log1p(-stats.norm.sf(high))), rel=1e-9)


def test_not_far_enough_takes_the_stronger_side() -> None:
    n = 10_000
    both = not_far_enough(n, -3.0, 3.0, NORMAL)
    assert both.side == "range"
    q = 2 * stats.norm.sf(3.0)
    assert both.p_value == pytest.approx(3 * (1 - q) ** (n - 1) * (1 + (n - 1) * q), rel=1e-6)
    one = not_far_enough(n, -4.0, 2.5, NORMAL)
    assert one.side == "high"
    assert one.p_value == pytest.approx(3 * stats.norm.cdf(2.5) ** n, rel=1e-6)


def test_bound_near_the_centre_is_left_to_the_bound() -> None:
    assert open_sides(NORMAL) == (True, True)
    assert open_sides(Uniform(0.0, 1.0)) == (False, False)
    assert open_sides(TruncatedNormal(0.0, 0.02, -2.0, 2.0)) == (True, True)
    assert too_far(10, 0.0, 1.0, Uniform(0.0, 1.0)).p_value == 1


def test_false_alarms_are_as_nominal() -> None:
    """Uniform p-values from order statistics drawn directly: 40,000 samples of 1,000."""
    rng = np.random.default_rng(3)
    n, runs = 1000, 40_000
    spacing = rng.standard_gamma(1.0, (runs, 2))
    rest = rng.standard_gamma(n - 1, runs)
    low, high = spacing[:, 0] / (spacing.sum(1) + rest), 1 - spacing[:, 1] / (spacing.sum(1) + rest)
    x = stats.norm.ppf(low), stats.norm.ppf(high)
    near = np.array([not_far_enough(n, a, b, NORMAL).p_value for a, b in zip(*x, strict=True)])
    far = np.array([too_far(n, a, b, NORMAL).p_value for a, b in zip(*x, strict=True)])
    for level in (0.1, 0.01):
        error = 4 * np.sqrt(level / runs)
        assert (near <= level).mean() <= level + error
        assert (near <= level).mean() >= level / 3 - error  # three dependent tests, Bonferroni
        assert abs((far <= level).mean() - level) <= error + level**2


def test_rounding_to_a_coarse_grid_is_no_surprise() -> None:
    """bfloat16 maximum of U(0, 1) rounds up to 1: no cut, and no value too far."""
    n = 10**7
    assert not_far_enough(n, 0.0, 1.0, Uniform(0.0, 1.0), "bfloat16").p_value == 1
    assert not_far_enough(n, 0.0, 0.99609375, Uniform(0.0, 1.0), "bfloat16").p_value == 1
    assert not_far_enough(n, 0.0, 0.98, Uniform(0.0, 1.0), "bfloat16").p_value < 1e-100
