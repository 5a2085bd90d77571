"""The Kolmogorov-Smirnov distance of a tensor from a law: exact, without sorting the tensor.

D = sup |F_n(x) - F(x)|, with F(x-) below a sample where F has an atom. For float32 and float64 it is scipy's kstest on
the float64 values. A 16-bit or smaller float cannot follow a continuous law: there D is the distance from the band of
all distributions that a *faithful* rounding of the law (each value to one of its two neighbours) can have, so that a
sound rounding is at distance no more than its unrounded values were, and the usual p-value is an upper bound.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.ks.bins import Bins
from embcheck.stats.ks.counting import Seen
from embcheck.stats.ks.distance import KS
from embcheck.stats.ks.gathering import Gathered
from embcheck.stats.ks.kolmogorov import p_value
from embcheck.stats.ks.refine import Cells, locate, sorted_cells
from embcheck.stats.ks.search import Bounds, farthest
from embcheck.stats.ks.two_sample import two_sample
from embcheck.stats.passes import grid_of_source
from embcheck.stats.small import sorted_values
from embcheck.stats.summary import Summary, summarize_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.distribution import Distribution
    from embcheck.stats.grid import Grid

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

__all__ = ["KS", "from_counts", "kolmogorov", "two_sample"]


def kolmogorov(source: Source, law: Distribution, summary: Summary | None = None) -> KS:
    """The distance of the values of a tensor, NaN left out, from a law.

    Args:
        source: a tensor, or a function that gives an iterable of its parts each time it is called (several times).
        law: the distribution of one element.
        summary: of the same values; for 16-bit and smaller types all that is needed, for others it saves a little.

    Returns:
        distance, location, sign and p-value; for float32 and wider D agrees with `scipy.stats.kstest` to 1e-9.

    Raises:
        Unsupported: there are no values to look at.
    """
    with np.errstate(over="ignore"):  # (x - mean) / std of the largest numbers is infinite, and rightly so
        return _distance(source, law, summary)


def _distance(source: Source, law: Distribution, summary: Summary | None) -> KS:
    grid = summary.grid if summary is not None else grid_of_source(source)
    if grid.exact:
        return from_counts(summary if summary is not None else summarize_source(source), law)
    values = sorted_values(source, grid.dtype)
    if values is not None:
        cells = sorted_cells([Gathered(values)])
        sizes = [cells.size]
        found = farthest(cells.size, _against(law.cdf, law.cdf_left)(cells, sizes)) if cells.size else None
        where = float(values[found.cell]) if found else math.nan
    else:
        known = None
        if summary is not None:
            low = -math.inf if summary.neginf else summary.min
            high = math.inf if summary.posinf else summary.max
            known = Seen(summary.n - summary.nan, summary.nan, low, high)
        bins = _bins(source, law, known, grid.dtype)
        found, where, sizes = locate([source], bins, _against(law.cdf, law.cdf_left), [known])
    if found is None:
        return KS(0.0, 0, math.nan, 0, 1.0)
    d = max(found.d, 0.0)
    return KS(d, sizes[0], where, found.sign, p_value(_forgiven(d, found.sign, where, law, grid), sizes[0]))


def from_counts(summary: Summary, law: Distribution) -> KS:
    """The distance of a 16-bit or smaller type, whose counts are the whole distribution.

    Floats are compared with the band of faithful roundings; integers, which nothing rounded, with the law itself.
    """
    values, counts = summary.distribution()
    n = int(counts.sum())
    if n == 0:
        return KS(0.0, 0, math.nan, 0, 1.0)
    grid = summary.grid
    upper, lower = law.cdf, law.cdf_left
    if grid.dtype.is_floating_point:
        upper, lower = (lambda x: law.cdf_left(grid.next_above(x))), (lambda x: law.cdf(grid.next_below(x)))
    found = farthest(values.size, _against(upper, lower)(sorted_cells([Gathered(values, counts)]), [n]))
    d = max(found.d, 0.0)
    return KS(d, n, float(values[found.cell]), found.sign, p_value(d, n))


def _against(
    upper: Callable[[Floats], Floats], lower: Callable[[Floats], Floats]
) -> Callable[[Cells, Sequence[int]], Callable[[Integers, Integers], Bounds]]:
    """F_n(x) may be as large as `upper`(x), and F_n(x-) as small as `lower`(x)."""

    def compare(cells: Cells, sizes: Sequence[int]) -> Callable[[Integers, Integers], Bounds]:
        def bounds(first: Integers, last: Integers) -> Bounds:
            n = sizes[0]
            low, high = cells.low(first), cells.high(last)
            upto, below = cells.upto(last)[0] / n, cells.below(first)[0] / n
            plus_low, minus_low = upto - upper(high), lower(low) - below
            if low is high or np.array_equal(low, high):
                return Bounds(plus_low, plus_low, minus_low, minus_low)
            return Bounds(plus_low, upto - upper(low), minus_low, lower(high) - below)

        return bounds

    return compare


def _bins(source: Source, law: Distribution, known: Seen | None, dtype: torch.dtype) -> Bins:
    """Bins of the first pass: so fine that D ~ 1/sqrt(n) is many bins, without tails that cannot hold the maximum."""
    n = known.n if known else source.numel() if isinstance(source, torch.Tensor) else 10**7
    size = 1 << min(max(math.ceil(math.log2(16 * math.sqrt(n) + 1)), 12), 19)
    tail = min(0.25 / math.sqrt(n), 0.25)  # sqrt(n) D is less than a quarter once in 10^8 times
    low, left, right, high = (float(q) for q in law.ppf(np.array([tail, 0.07, 0.93, 1 - tail])))
    middle = low / 2 + high / 2
    bulk = min(middle - left, right - middle)
    # three times finer where most values are, if that is less than half of the way: bins of a normal hold half as much
    return Bins.spanning(low, high, size, dtype, bulk=bulk if 0 < bulk < 0.45 * (high - middle) else 0.0)


def _forgiven(d: float, sign: int, where: float, law: Distribution, grid: Grid) -> float:
    """The distance less what rounding to the dtype may have moved across the location."""
    if grid.dtype == torch.float64 or not math.isfinite(where):
        return d
    at = np.array([where])
    if sign > 0:
        moved = law.cdf_left(grid.next_above(at)) - law.cdf(at)
    else:
        moved = law.cdf_left(at) - law.cdf(grid.next_below(at))
    return max(0.0, d - max(0.0, float(moved[0])))
