"""The smallest and largest of n independent draws: exact order statistics, in both directions.

For a continuous law the maximum has the distribution F^n and the coverage F(max) - F(min) is Beta(n - 1, 2) (H. A.
David and H. N. Nagaraja, Order Statistics, 3rd ed., 2003, sections 2.1 and 2.3). Each p-value holds for any faithful
rounding to the dtype: a rounded maximum M comes from draws within one spacing of M, and the spacing is taken in the
direction that makes the observation less surprising; a finite bound is itself rounded to the dtype before anything is
drawn. Nothing here is approximate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
    from embcheck.stats.distribution import Distribution


@dataclass(frozen=True)
class Reach:
    """One p-value, and the side it speaks of."""

    p_value: float
    side: str
    """"low", "high" or "range" (both ends together)."""


def too_far(n: int, low: float, high: float, law: Distribution, dtype: str = "float64") -> Reach:
    """Chance that n draws reach as far out as this, on either side: 1 - (1 - tail)^n, doubled for the two sides.

    Only a side without a bound, or with one more than `FAR` standard deviations off, is looked at: near a bound it is
    the bound that speaks.

    Args:
        n: number of draws.
        low: their minimum.
        high: their maximum.
        law: what they should follow.
        dtype: what they are rounded to.
    """
    open_low, open_high = open_sides(law)
    sides = []
    if open_low:
        sides.append(Reach(_any(n, _below(law, low + spacing(low, dtype))), "low"))
    if open_high:
        sides.append(Reach(_any(n, _above(law, high - spacing(high, dtype))), "high"))
    if not sides:
        return Reach(1.0, "range")
    worst = min(sides, key=lambda reach: reach.p_value)
    return Reach(min(1.0, len(sides) * worst.p_value), worst.side)


def not_far_enough(n: int, low: float, high: float, law: Distribution, dtype: str = "float64") -> Reach:
    """Chance that n draws stay within this range: on the left, on the right and on both sides, times three.

    The range as a whole sees a symmetric cut with the draws of both tails; each side by itself sees a one-sided cut.

    Args:
        n: number of draws.
        low: their minimum.
        high: their maximum.
        law: what they should follow.
        dtype: what they are rounded to.
    """
    bottom, top = law.support
    missing_low = _below(law, low - spacing(low, dtype) - _bound_spacing(bottom, dtype))
    missing_high = _above(law, high + spacing(high, dtype) + _bound_spacing(top, dtype))
    sides = (
        Reach(_none(n, missing_low), "low"),
        Reach(_none(n, missing_high), "high"),
        Reach(coverage_tail(n, missing_low + missing_high), "range"),
    )
    worst = min(sides, key=lambda reach: reach.p_value)
    return Reach(min(1.0, 3 * worst.p_value), worst.side)


def _bound_spacing(bound: float, dtype: str) -> float:
    """How far a finite bound may move: torch's kernels round the bounds they are given to the tensor's dtype first."""
    return spacing(bound, dtype) if math.isfinite(bound) else 0.0


def coverage_tail(n: int, missing: float) -> float:
    """P(the range of n draws leaves at least `missing` of the mass outside): I_{1-q}(n - 1, 2) in closed form."""
    if missing >= 1:
        return 0.0 if n > 1 else 1.0
    return min(1.0, math.exp((n - 1) * math.log1p(-missing)) * (1 + (n - 1) * missing))


FAR = 6.0
"""A bound this many standard deviations off is hardly ever reached: one in 1e9 draws of a normal."""


def open_sides(law: Distribution) -> tuple[bool, bool]:
    """Whether the law goes on, for all that draws can tell, below and above."""
    low, high = law.support
    return law.mean - low > FAR * law.std, high - law.mean > FAR * law.std


def _below(law: Distribution, x: float) -> float:
    return float(law.cdf(np.asarray(x)))


def _above(law: Distribution, x: float) -> float:
    return float(law.sf(np.asarray(x)))


def _any(n: int, tail: float) -> float:
    """P(at least one of n draws falls in a tail)."""
    return -math.expm1(n * math.log1p(-tail)) if tail < 1 else 1.0


def _none(n: int, tail: float) -> float:
    """P(none of n draws falls in a tail)."""
    return math.exp(n * math.log1p(-tail)) if tail < 1 else 0.0
