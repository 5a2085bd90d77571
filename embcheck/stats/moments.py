"""Tests of the mean and of the standard deviation of n independent draws of a known law.

*Normal law.* Exact: sqrt(n) (m - mean)/std is N(0, 1) and (n - 1) s^2 / std^2 is chi-squared with n - 1 degrees of
freedom.

*Any other law.* Saddlepoint tails of the law itself (`saddlepoint`); a single draw is judged by its cdf. For the mean
they are within 5% of the exact probability from n = 2 and within 1.5% from n = 8, down to 1e-13 (uniform law, against
the Irwin-Hall distribution). The variance of a symmetric law with n >= 64 is taken about the sample's mean, so that a
shifted mean is not mistaken for a wrong scale, and treated as a sum of n squared deviations with the variance of s^2,
std^4 (kurtosis - 1 + 2/(n - 1))/n: the probability of a large std is within 5%, that of a small std within 5% or too
large, down to 1e-7. For fewer draws or a skewed law it is taken about the law's mean, an exact sum of n independent
terms. tests/stats/test_moments.py holds these figures to importance sampling.

*Rounding.* The null is composite: any faithful rounding of the law to the dtype. What such a rounding may do to mean
and std (`spacing`) is taken off the deviation before the tail is computed; for float32 it is nothing, for bfloat16 up
to 0.4% of a centred law's std.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.stats.saddlepoint import is_normal, is_symmetric, summands, upper_tail
from embcheck.stats.spacing import mean_allowance, std_range

if TYPE_CHECKING:
    from embcheck.stats.distribution import Distribution


_ABOUT_SAMPLE_MEAN = 64
"""From this many draws on the squared mean, 1/n of the variance, is small enough to be treated to first order."""


@dataclass(frozen=True)
class MeanTest:
    """How the mean of a sample compares with its law's."""

    shift: float
    """(sample mean - law's mean) / law's std."""
    allowance: float
    """The part of |shift| that rounding to the dtype may cause."""
    p_value: float
    """Two-sided."""


@dataclass(frozen=True)
class ScaleTest:
    """How the standard deviation of a sample compares with its law's."""

    ratio: float
    """Sample std (with n - 1) over the law's."""
    allowed: tuple[float, float]
    """The ratios that rounding to the dtype may cause."""
    p_small: float
    """Chance of a std this small or smaller."""
    p_large: float
    """Chance of a std this large or larger."""


@lru_cache(maxsize=1024)
def mean_test(n: int, mean: float, law: Distribution, dtype: str = "float64") -> MeanTest:
    """Test that n draws with this sample mean come from a law with its mean.

    Args:
        n: number of (finite) draws, at least 1.
        mean: their average.
        law: the law, with positive std.
        dtype: what the draws are rounded to.
    """
    allowance = mean_allowance(law.mean, law.std, dtype) / law.std
    shift = (mean - law.mean) / law.std
    excess = max(0.0, abs(shift) - allowance)
    if n == 1:
        x = np.asarray(law.mean + math.copysign(excess, shift) * law.std)
        return MeanTest(shift, allowance, min(1.0, 2 * float(min(law.cdf(x), law.sf(x)))))
    z = math.sqrt(n) * excess
    if is_normal(law):
        return MeanTest(shift, allowance, float(special.erfc(z / math.sqrt(2))))
    y, mass = summands(law, 1)
    tail = upper_tail(y, mass, n, z) if shift >= 0 else upper_tail(-y, mass, n, z)
    return MeanTest(shift, allowance, min(1.0, 2 * tail))


@lru_cache(maxsize=1024)
def scale_test(n: int, mean: float, std: float, law: Distribution, dtype: str = "float64") -> ScaleTest:
    """Test that n draws with this sample std come from a law with its std.

    Args:
        n: number of (finite) draws, at least 2.
        mean: their average.
        std: their population standard deviation (ddof = 0), as a `Summary` holds it.
        law: the law, with positive std.
        dtype: what the draws are rounded to.
    """
    sample = std * math.sqrt(n / (n - 1))
    low, high = std_range(law.mean, law.std, dtype)
    small, large = _tail(n, mean, std, low, law, large=False), _tail(n, mean, std, high, law, large=True)
    return ScaleTest(sample / law.std, (low / law.std, high / law.std), small, large)


def scale_tail(n: int, mean: float, std: float, law: Distribution, dtype: str, *, large: bool) -> float:
    """One side of `scale_test` alone, at half its cost."""
    low, high = std_range(law.mean, law.std, dtype)
    return _tail(n, mean, std, high if large else low, law, large=large)


def _tail(n: int, mean: float, std: float, nominal: float, law: Distribution, *, large: bool) -> float:
    """P(std or larger), or P(std or smaller), if the law's std were `nominal`."""
    if nominal <= 0:
        return 1.0
    std = min(std, 1e100 * nominal)  # squares must not overflow
    if is_normal(law):
        half, x = (n - 1) / 2, n * (std / nominal) ** 2 / 2
        return float(special.gammaincc(half, x) if large else special.gammainc(half, x))
    y, mass = summands(law, 2)
    if n >= _ABOUT_SAMPLE_MEAN and is_symmetric(law):
        second, variance = (std / nominal) ** 2 * n / (n - 1), law.kurtosis - 1 + 2 / (n - 1)
    else:
        second, variance = (std**2 + min(abs(mean - law.mean), 1e100 * nominal) ** 2) / nominal**2, law.kurtosis - 1
    z = math.sqrt(n) * (second - 1) / math.sqrt(variance)
    return upper_tail(y, mass, n, z) if large else upper_tail(-y, mass, n, -z)
