from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from embcheck.stats.tracy_widom import tracy_widom_cdf, tracy_widom_sf

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


def determinant(s: float) -> float:
    """F1(s) by Bornemann's quadrature of the Ferrari-Spohn determinant."""
    length = max(4.0, 16.0 - s)
    x, w = length * (1 + NODES) / 2, length * WEIGHTS / 2
    kernel = np.sqrt(w)[:, None] * special.airy(x[:, None] + x[None, :] + s)[0] * np.sqrt(w)[None, :]
    return float(np.linalg.det(np.eye(x.size) - kernel))


@pytest.mark.parametrize("s", np.linspace(-7, 4, 34))
def test_series_equals_the_determinant(s) -> None:
    assert tracy_widom_sf(s) == pytest.approx(1 - determinant(s), rel=1e-6, abs=1e-11)
    if s < -1:
        assert 1 - tracy_widom_sf(s) == pytest.approx(determinant(s), rel=1e-5, abs=1e-11)


@pytest.mark.parametrize(("p", "s"), [(0.10, 0.4501), (0.05, 0.9793), (0.01, 2.0234)])
def test_quantiles_of_the_published_table(p, s) -> None:
    """I. Johnstone, Ann. Stat. 29 (2001), table 1, and R. Bejan's tables."""
    assert tracy_widom_sf(s) == pytest.approx(p, abs=0.3 * 1e-4)  # s has four digits, and the density is below 0.3


def test_moments_of_the_literature() -> None:
    """Mean -1.2065335745820, variance 1.607781034581 (F. Bornemann, Math. Comp. 79 (2010), table 10)."""
    s = np.linspace(-8, 12, 4001)
    mass = -np.diff([tracy_widom_sf(x) for x in s])
    middle = (s[1:] + s[:-1]) / 2
    mean = mass @ middle
    assert mean == pytest.approx(-1.2065335745820, abs=1e-6)
    assert mass @ (middle - mean) ** 2 == pytest.approx(1.607781034581, abs=1e-4)


def test_far_tail_is_the_trace_and_joins_the_series() -> None:
    assert tracy_widom_sf(8.0001) == pytest.approx(tracy_widom_sf(8.0), rel=1e-3)
    x, w = 10 * (1 + NODES), 10 * WEIGHTS
    for s in (9.0, 20.0, 50.0):
        assert tracy_widom_sf(s) == pytest.approx(float(w @ special.airy(2 * x + s)[0]), rel=1e-5)
    assert tracy_widom_sf(-9.0) == 1


@pytest.mark.parametrize("s", [-7.0, -4.0, 0.0, 3.0])
def test_both_tails_add_up(s) -> None:
    assert tracy_widom_cdf(s) == pytest.approx(determinant(s), rel=1e-4, abs=1e-12)
    assert tracy_widom_cdf(s) + tracy_widom_sf(s) == pytest.approx(1, abs=1e-12)


def test_lower_tail_goes_on_beyond_the_series() -> None:
    assert 0 < tracy_widom_cdf(-12.0) < tracy_widom_cdf(-8.1) < 1e-8
    assert tracy_widom_cdf(9.0) == 1
