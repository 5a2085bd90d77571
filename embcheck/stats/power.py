"""The smallest deviation that each test would catch, with probability 0.9, at a given number of draws and level.

A test at level alpha rejects beyond its critical value; a deviation is caught nine times in ten if it lies z_0.9 =
1.28 standard errors further. benchmarks/power.py measures these promises.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from embcheck.stats.distribution import Distribution

POWER = 0.9


def smallest_shift(n: int, alpha: float, allowance: float = 0.0, power: float = POWER) -> float:
    """Shift of the mean, in standard deviations: allowance + (z_{alpha/2} + z_power) / sqrt(n).

    With a power of 0.5 it is the critical value itself.
    """
    return allowance + _reach(alpha / 2, power) / math.sqrt(max(n, 1))


def smallest_scale_error(
    n: int, alpha: float, kurtosis: float, allowance: float = 0.0, *, small: bool = False, power: float = POWER
) -> float:
    """Relative error of the standard deviation, from a one-sided test.

    s^2 is treated as chi-squared with 2 (n - 1)/(kurtosis - 1) degrees of freedom over their number, which is exact for
    a normal and has the right variance for any law; the ratio of two quantiles of its root is the error.

    Args:
        n: number of draws.
        alpha: level.
        kurtosis: of the law.
        allowance: what rounding may do to the ratio.
        small: whether the std is too small, and the error 1 - ratio and not ratio - 1.
        power: how often it is to be caught; 0.5 gives the critical value.
    """
    half = max(n - 1, 1) / max(kurtosis - 1, 1e-9)
    if small:
        needed = special.gammaincinv(half, alpha) / special.gammaincinv(half, power)
        return min(1.0, allowance + 1 - math.sqrt(needed))
    needed = special.gammainccinv(half, alpha) / max(special.gammainccinv(half, power), 1e-300)
    return allowance + math.sqrt(needed) - 1


def smallest_distance(n: int, alpha: float, power: float = POWER) -> float:
    """Kolmogorov distance between the true distribution and the law.

    The critical value is at most sqrt(ln(2/alpha)/2)/sqrt(n) (P. Massart, Ann. Prob. 18 (1990), 1269-1283); where the
    two distributions differ most, the empirical one errs by a binomial standard error of at most 1/(2 sqrt(n)).
    """
    root = math.sqrt(max(n, 1))
    return min(1.0, (math.sqrt(math.log(2 / alpha) / 2) + float(special.ndtri(power)) / 2) / root)


def smallest_cut(n: int, alpha: float) -> float:
    """Probability mass beyond a cut on both sides, by the range alone: caught always and not nine times in ten.

    The range leaves Beta(2, n - 1) of the mass outside, and is judged times three.
    """
    return float(special.betainccinv(2, max(n - 1, 1), alpha / 3))


def smallest_outlier(n: int, alpha: float, law: Distribution) -> float:
    """How far below the mean, in standard deviations, one value is too far: n P(beyond) = alpha / 2; always caught."""
    tail = -math.expm1(math.log1p(-alpha / 2) / max(n, 1))
    return (law.mean - float(law.ppf(np.asarray(tail)))) / law.std


def _reach(tail: float, power: float) -> float:
    """z_tail + z_power."""
    return float(special.ndtri(power) - special.ndtri(min(tail, 0.5)))
