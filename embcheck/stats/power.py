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

    The logarithm of a sample std has the variance (kurtosis - 1)/(4 n) + O(1/n^2), which is also its distribution under
    another scale: a ratio of exp((z_alpha + z_0.9) sqrt((kurtosis - 1)/(4 n))) is caught.

    Args:
        n: number of draws.
        alpha: level.
        kurtosis: of the law.
        allowance: what rounding may do to the ratio.
        small: whether the std is too small, and the error 1 - ratio and not ratio - 1.
        power: how often it is to be caught; 0.5 gives the critical value.
    """
    step = _reach(alpha, power) * math.sqrt(max(kurtosis - 1, 0.0) / (4 * max(n, 1)))
    return min(1.0, allowance - math.expm1(-step)) if small else allowance + math.expm1(min(step, 700.0))


def smallest_distance(n: int, alpha: float, power: float = POWER) -> float:
    """Kolmogorov distance between the true distribution and the law.

    The critical value is at most sqrt(ln(2/alpha)/2)/sqrt(n) (P. Massart, Ann. Prob. 18 (1990), 1269-1283); where the
    two distributions differ most, the empirical one errs by a binomial standard error of at most 1/(2 sqrt(n)).
    """
    root = math.sqrt(max(n, 1))
    return min(1.0, (math.sqrt(math.log(2 / alpha) / 2) + float(special.ndtri(power)) / 2) / root)


def smallest_cut(n: int, alpha: float) -> float:
    """Probability mass beyond a cut on both sides, by the range alone: caught always and not nine times in ten.

    The coverage's tail at mass q is at most (1 + x) exp(-x) = Q(2, x), x = (n - 1) q, and is judged times three.
    """
    return min(1.0, float(special.gammainccinv(2, alpha / 3)) / max(n - 1, 1))


def smallest_outlier(n: int, alpha: float, law: Distribution) -> float:
    """How far below the mean, in standard deviations, one value is too far: n P(beyond) = alpha / 2; always caught."""
    tail = -math.expm1(math.log1p(-alpha / 2) / max(n, 1))
    return (law.mean - float(law.ppf(np.asarray(tail)))) / law.std


def _reach(tail: float, power: float) -> float:
    """z_tail + z_power."""
    return float(special.ndtri(power) - special.ndtri(min(tail, 0.5)))
