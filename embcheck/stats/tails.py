"""How many of n draws lie beyond a quantile: exact binomial tests of too few and too many.

The extremes see a clean cut. They are blind where a few draws still reach far out (half a table cut, a clamp that
piles values up at the cut, a heavy-tailed minority): the counts beyond the thresholds that about 16 and 256 draws
should exceed see those. Thresholds are edges of the grid on which the summary counts, so that a count is exact and
costs no pass over the tensor. The null is the binomial distribution; counts beyond several thresholds depend on each
other, so whoever takes the smallest p-value multiplies it by their number (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.stats.spacing import spacings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.distribution import Distribution, Floats
    from embcheck.stats.grid import Grid
    from embcheck.stats.summary import Summary

EXPECTED = (16, 256)
"""About how many draws should lie outside each threshold, both sides together."""


@dataclass(frozen=True)
class TailCount:
    """How many draws lie outside an interval, and how many should."""

    low: float
    high: float
    n: int
    outside: int
    least: float
    """Lowest probability that a draw, faithfully rounded, lies outside [low, high]."""
    most: float
    """Highest probability of the same."""

    @property
    def p_few(self) -> float:
        """Chance of this many draws outside or fewer."""
        return binomial_cdf(self.outside, self.n, self.least)

    @property
    def p_many(self) -> float:
        """Chance of this many draws outside or more."""
        return binomial_sf(self.outside, self.n, self.most)


@lru_cache(maxsize=4)
def tail_counts(summary: Summary, law: Distribution) -> tuple[TailCount, ...]:
    """Count the draws outside the central intervals that about 16 and 256 of them should leave.

    Args:
        summary: of the draws; thresholds that would leave more than a quarter of them outside are left out.
        law: what they should follow, continuous.
    """
    tails = [t for t in (expected / max(summary.finite, 1) / 2 for expected in EXPECTED) if t <= 0.125]
    if not tails:
        return ()
    grid = summary.grid
    start, lowest, highest = _edges(grid)
    quantiles = law.ppf(np.asarray([*tails, *(1 - t for t in tails)])).reshape(2, -1)
    # the first and last cell that lie wholly between the two quantiles
    first = start + np.minimum(np.searchsorted(lowest, quantiles[0]), lowest.size - 1)
    last = start + np.maximum(np.searchsorted(highest, quantiles[1], side="right") - 1, 0)
    low, high = grid.lowest[first], grid.highest[last]
    below, above = low - spacings(low, summary.dtype), high + spacings(high, summary.dtype)
    left, right = law.cdf(np.stack([below, low])), law.sf(np.stack([above, high]))
    least, most = np.minimum(1.0, left + right)
    outside = summary.finite - _held(summary, first, last)
    return tuple(
        TailCount(float(low[i]), float(high[i]), summary.finite, int(outside[i]), float(least[i]), float(most[i]))
        for i in range(len(tails))
        if first[i] <= last[i]
    )


def _held(summary: Summary, first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.int64]:
    """How many values lie in cells `first` to `last`."""
    cumulated = np.append(0, np.cumsum(summary.counts))
    ends = np.searchsorted(summary.cells, last, side="right"), np.searchsorted(summary.cells, first)
    return np.asarray(cumulated[ends[0]] - cumulated[ends[1]])


@lru_cache(maxsize=16)
def _edges(grid: Grid) -> tuple[int, Floats, Floats]:
    """The first finite cell, and the edges of the finite cells, which lie side by side."""
    numbers = np.flatnonzero(grid.finite)
    return int(numbers[0]), grid.lowest[numbers], grid.highest[numbers]


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(Binomial(n, p) <= k), by the incomplete beta function."""
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    return float(special.betaincc(k + 1, n - k, p))


def binomial_sf(k: int, n: int, p: float) -> float:
    """P(Binomial(n, p) >= k)."""
    if k <= 0 or p >= 1:
        return 1.0
    return 0.0 if p <= 0 else float(special.betainc(k, n - k + 1, p))
