"""A summary as identification sees it: moments to the fourth, and a few hundred points of the distribution function.

The counts of a summary lie on a grid that is finer than any law's features; about 400 of its edges, spaced evenly in
the cumulated count and with every edge in the outermost tails, lose nothing that a test of fit could use. A statistic
over fewer points of F_n is never larger than over all, so a p-value read off the full statistic's distribution errs on
the side of "fits".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.summary import Summary

    Floats = NDArray[np.float64]

_POINTS = 384
_TAIL = 24


@dataclass(frozen=True, eq=False)
class Sample:
    """Finite values of one tensor, all or without its zeros."""

    dtype: str
    n: int
    mean: float
    std: float
    low: float
    high: float
    below: Floats
    """The largest value that each non-empty cell cannot hold for being too small, shape (k,)."""
    bottom: Floats
    """The smallest value of each non-empty cell."""
    top: Floats
    """The largest value of each non-empty cell."""
    above: Floats
    """The smallest value beyond each non-empty cell."""
    counts: NDArray[np.int64]

    @cached_property
    def upto(self) -> NDArray[np.int64]:
        """Values in each cell and those below."""
        return np.cumsum(self.counts)

    @cached_property
    def points(self) -> NDArray[np.intp]:
        """The cells at whose edges a law is held against the counts."""
        k = self.counts.size
        if k <= _POINTS + 2 * _TAIL:
            return np.arange(k)
        even = np.searchsorted(self.upto, np.linspace(0, self.n, _POINTS + 1)[1:-1])
        ends = np.arange(_TAIL)
        return np.unique(np.concatenate([ends, even, k - 1 - ends]))

    @cached_property
    def shape_moments(self) -> tuple[float, float]:
        """Skewness and kurtosis, to be held against a normal's.

        A cell's values stand for their mean under a normal density: with h the cell's width over the std and z its
        middle, the mean of z^k there is z^k + h^2 (k (k - 1) z^(k - 2) / 24 - k z^k / 12) + O(h^4). On the coarse cells
        of float64 the term is a few thousandths, on 16-bit types h is 0.
        """
        if self.std == 0:
            return 0.0, 3.0
        bottom, top = np.maximum(self.bottom, self.low), np.minimum(self.top, self.high)
        z, h2 = ((bottom + top) / 2 - self.mean) / self.std, ((top - bottom) / self.std) ** 2
        z2 = z * z
        weight = self.counts / self.n
        one, two, three, four = (
            float((weight * moment).sum())  # not a dot product: BLAS would start threads for it
            for moment in (
                z * (1 - h2 / 12),
                z2 + h2 * (1 / 12 - z2 / 6),
                z * (z2 + h2 * (1 / 4 - z2 / 4)),
                z2 * (z2 + h2 * (1 / 2 - z2 / 3)),
            )
        )
        variance = two - one**2
        if not variance > 0:  # a few subnormal steps: the cells say nothing
            return 0.0, 3.0
        third = three - 3 * one * two + 2 * one**3
        fourth = four - 4 * one * three + 6 * one**2 * two - 3 * one**4
        return third / variance**1.5, fourth / variance**2

    @cached_property
    def bins(self) -> tuple[Floats, NDArray[np.int64]]:
        """Edges of a histogram, shape (b + 1,), and its counts, for a likelihood.

        Between cells an edge lies halfway to the next number, as round to nearest has it; the outermost edges are the
        extremes themselves, half a spacing further out, so that a bounded law is seen where it ends.
        """
        inner = self.points[:-1]
        edges = (self.top[inner] + self.above[inner]) / 2
        first = self.low - spacing(self.low, self.dtype) / 2
        last = self.high + spacing(self.high, self.dtype) / 2
        counts = np.diff(np.concatenate([[0], self.upto[inner], [self.n]]))
        keep = (edges > first) & (edges < last)
        if not keep.all():
            counts = np.diff(np.concatenate([[0], self.upto[inner][keep], [self.n]]))
        return np.concatenate([[first], edges[keep], [last]]), counts

    def without_zeros(self, zeros: int) -> Sample:
        """The sample that is left if so many exact zeros are taken out."""
        n = self.n - zeros
        if n <= 0:
            return replace(self, n=0)
        mean = self.mean * self.n / n
        second = (self.std**2 + self.mean**2) * self.n / n
        holds = (self.bottom <= 0) & (self.top >= 0) & (self.counts > 0)
        counts = self.counts.copy()
        for cell in np.flatnonzero(holds):  # +0 and -0 may lie in two cells
            taken = min(zeros, int(counts[cell]))
            counts[cell] -= taken
            zeros -= taken
        keep = counts > 0
        return replace(
            self,
            n=n,
            mean=mean,
            std=max(second - mean**2, 0.0) ** 0.5,
            below=self.below[keep],
            bottom=self.bottom[keep],
            top=self.top[keep],
            above=self.above[keep],
            counts=counts[keep],
        )


def sample_of(summary: Summary) -> Sample:
    """The finite values of a summary."""
    grid = summary.grid
    keep = grid.finite[summary.cells]
    cells = summary.cells[keep]
    with np.errstate(invalid="ignore"):
        below = np.where(cells > 0, grid.highest[np.maximum(cells - 1, 0)], -np.inf)
        above = np.where(cells < grid.size - 1, grid.lowest[np.minimum(cells + 1, grid.size - 1)], np.inf)
    below[(below == 0) & (grid.lowest[cells] == 0)] = -5e-324  # -0 has a cell of its own, but is no smaller than 0
    return Sample(
        summary.dtype,
        summary.finite,
        summary.mean,
        summary.std,
        summary.min,
        summary.max,
        np.nan_to_num(below, nan=-np.inf, posinf=np.inf, neginf=-np.inf),
        grid.lowest[cells],
        grid.highest[cells],
        np.nan_to_num(above, nan=np.inf, posinf=np.inf, neginf=-np.inf),
        summary.counts[keep],
    )
