"""P-values against scipy's exact distribution, its limit, and closed forms."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import special, stats

from embcheck.stats.ks.kolmogorov import _matrix_power, one_sided, p_value


@pytest.mark.parametrize("n", [1, 2, 3, 7, 20, 64, 140])
def test_small_samples_agree_with_scipy(n: int) -> None:
    for d in np.linspace(0.3 / n, 0.999, 200):
        want = stats.kstwo.sf(d, n)
        assert p_value(float(d), n) == pytest.approx(want, rel=1e-9, abs=1e-13), d


def poisson_band(d: float, n: int) -> float:
    """P(D_n < d): a Poisson process of rate n, given n events by time 1, stays in the band.

    A. Moscovich and B. Nadler, "Fast calculation of boundary crossing probabilities for Poisson processes", Statistics
    & Probability Letters 123 (2017), 177-182: an algorithm that shares nothing with the matrix power.
    """
    t = n * d
    above = [((k - t) / n, k) for k in range(1, n + 1) if k > t]  # until then at most k - 1 events
    below = [((k + t) / n, -k - 1) for k in range(n) if k + t < n]  # by then at least k + 1
    chance, now = np.zeros(n + 1), 0.0
    chance[0] = 1.0
    for time, k in sorted([*above, *below, (1.0, 0)]):
        step = stats.poisson.pmf(np.arange(n + 1), n * (time - now))
        chance, now = np.convolve(chance, step)[: n + 1], time
        if k > 0:
            chance[k:] = 0
        elif k < 0:
            chance[:-k] = 0
    return float(chance[n] / stats.poisson.pmf(n, n))


@pytest.mark.parametrize("n", [30, 200, 500])
def test_the_matrix_power_agrees_with_a_poisson_process(n: int) -> None:
    for z in (0.5, 0.9, 1.5):
        assert _matrix_power(z / math.sqrt(n), n) == pytest.approx(poisson_band(z / math.sqrt(n), n), abs=1e-11)


@pytest.mark.parametrize("n", [1001, 2000])
def test_the_expansion_is_within_its_stated_error_of_the_matrix_power(n: int) -> None:
    for z in (0.4, 0.7, 1.0, 1.4, 1.9):
        exact = 1 - _matrix_power(z / math.sqrt(n), n)
        assert abs(p_value(z / math.sqrt(n), n) - exact) <= 0.07 / n**2


@pytest.mark.parametrize("n", [10_000, 10**6, 10**8, 10**10])
def test_large_samples_approach_kolmogorovs_limit(n: int) -> None:
    for z in (0.3, 0.6, 1.0, 1.5, 2.5, 4.0):
        # the first correction is of order 1 / sqrt(n), at most 2 z / 3 of it relative in the tail
        assert p_value(z / math.sqrt(n), n) == pytest.approx(float(special.kolmogorov(z)), rel=3 * z / math.sqrt(n))


@pytest.mark.parametrize("n", [5000, 20_000])
def test_far_tails_keep_their_digits(n: int) -> None:
    for z in (2.0, 3.0, 4.0, 5.0):
        d = z / math.sqrt(n)
        assert one_sided(d, n) == pytest.approx(float(special.smirnov(n, d)), rel=2e-5)
    assert p_value(0.5, 10**8) == 0.0


def test_ends() -> None:
    assert p_value(0.0, 10) == 1
    assert p_value(1.0, 10) == 0
    assert p_value(0.3, 0) == 1
    assert p_value(math.nan, 5) == 1
    assert p_value(0.049, 10) == 1  # D is never below 1 / (2n)
    # n = 1: D = max(u, 1 - u)
    assert p_value(0.8, 1) == pytest.approx(0.4, rel=1e-14)
    # all of n on one side of 1 - d, closed form for d >= 1 - 1/n
    assert p_value(0.95, 10) == pytest.approx(2 * 0.05**10, rel=1e-12)


def test_p_values_fall_with_the_distance_across_every_seam() -> None:
    for n in (1, 2, 10, 100, 1000, 1001, 4001, 10**5):
        p = [p_value(float(d), n) for d in np.linspace(0.2 / math.sqrt(n), min(3 / math.sqrt(n), 0.999), 60)]
        assert all(0 <= b <= a * (1 + 1e-5) + 0.13 / n**2 * (n > 1000) for a, b in pairwise(p))
