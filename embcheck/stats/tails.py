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

from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
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
    grid = summary.grid
    held = grid.finite[summary.cells]
    cells, below = summary.cells[held], np.concatenate([[0], np.cumsum(summary.counts[held])])
    found = []
    for expected in EXPECTED:
        tail = expected / max(summary.finite, 1) / 2
        if tail > 0.125:
            break
        first, last = _inner_cells(summary, law, tail)
        if first > last:
            continue
        low, high = float(grid.lowest[first]), float(grid.highest[last])
        inside = int(below[np.searchsorted(cells, last, side="right")] - below[np.searchsorted(cells, first)])
        least = _outside(law, low - spacing(low, summary.dtype), high + spacing(high, summary.dtype))
        found.append(TailCount(low, high, summary.finite, summary.finite - inside, least, _outside(law, low, high)))
    return tuple(found)


def _inner_cells(summary: Summary, law: Distribution, tail: float) -> tuple[int, int]:
    """The first and last cell that lie wholly between the quantiles `tail` and 1 - `tail`."""
    start, lowest, highest = _edges(summary.grid)
    low, high = (float(x) for x in law.ppf(np.asarray([tail, 1 - tail])))
    first = min(int(np.searchsorted(lowest, low)), lowest.size - 1)
    last = max(int(np.searchsorted(highest, high, side="right")) - 1, 0)
    return start + first, start + last


@lru_cache(maxsize=16)
def _edges(grid: Grid) -> tuple[int, Floats, Floats]:
    """The first finite cell, and the edges of the finite cells, which lie side by side."""
    numbers = np.flatnonzero(grid.finite)
    return int(numbers[0]), grid.lowest[numbers], grid.highest[numbers]


def _outside(law: Distribution, low: float, high: float) -> float:
    return min(1.0, float(law.cdf(np.asarray(low)) + law.sf(np.asarray(high))))


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
