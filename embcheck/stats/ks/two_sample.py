"""The Kolmogorov-Smirnov distance between two tensors: exact, without sorting them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.chunks import Source, chunks, parts, ready, real
from embcheck.stats.ks.bins import Bins
from embcheck.stats.ks.distance import KS
from embcheck.stats.ks.gathering import Gathered
from embcheck.stats.ks.lattice import two_sample_p_value
from embcheck.stats.ks.refine import Cells, locate, sorted_cells
from embcheck.stats.ks.search import Bounds, farthest
from embcheck.stats.passes import grid_for, grid_of_source
from embcheck.stats.small import SORTED, sorted_values
from embcheck.stats.summary import summarize_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


def two_sample(a: Source, b: Source) -> KS:
    """sup |F_a - F_b| over the values of two tensors, NaN left out.

    Args:
        a: a tensor, or a function that gives an iterable of its parts each time it is called.
        b: the same; sizes, dtypes and devices may differ.

    Returns:
        distance, location and sign (1 where F_a is above F_b) as `scipy.stats.ks_2samp` has them, the lowest
        location where several are equal; n is the smaller size.

    Raises:
        Unsupported: there are no values to look at.
    """
    grids = grid_of_source(a), grid_of_source(b)
    if all(grid.exact for grid in grids):
        lots = [Gathered(*summarize_source(source).distribution()) for source in (a, b)]
        return _compared(lots, [lot.total for lot in lots])
    wide = any(grid.name == "float64" for grid in grids)
    dtype = torch.float64 if wide else torch.float32
    small = [sorted_values(source, dtype) for source in (a, b)]
    if small[0] is not None and small[1] is not None:
        lots = [Gathered(values) for values in small if values is not None]
        return _compared(lots, [lot.total for lot in lots])
    found, where, sizes = locate([a, b], _bins([a, b], dtype), _compare, [None, None])
    if found is None:
        return KS(0.0, 0, math.nan, 0, 1.0)
    return _result(found.d, where, found.sign, sizes)


def _compared(lots: Sequence[Gathered], sizes: Sequence[int]) -> KS:
    if not all(sizes):
        return KS(0.0, 0, math.nan, 0, 1.0)
    cells = sorted_cells(lots)
    found = farthest(cells.size, _compare(cells, sizes))
    return _result(found.d, float(cells.low(np.array([found.cell]))[0]), found.sign, sizes)


def _result(d: float, where: float, sign: int, sizes: Sequence[int]) -> KS:
    if d <= 0:
        return KS(0.0, min(sizes), where, 1, 1.0)
    return KS(d, min(sizes), where, -sign, two_sample_p_value(d, sizes[0], sizes[1]))


def _compare(cells: Cells, sizes: Sequence[int]) -> Callable[[Integers, Integers], Bounds]:
    """F_b - F_a as plus and F_a - F_b as minus: where both are equal, `farthest` takes minus and scipy F_a - F_b."""

    def bounds(first: Integers, last: Integers) -> Bounds:
        (a_end, b_end), (a_start, b_start) = cells.upto(last), cells.below(first)
        a, b = sizes
        plus, minus = b_end / b - a_end / a, a_end / a - b_end / b
        if cells.single and np.array_equal(first, last):
            return Bounds(plus, plus, minus, minus)
        return Bounds(plus, b_end / b - a_start / a, minus, a_end / a - b_start / b)

    return bounds


def _bins(sources: Sequence[Source], dtype: torch.dtype) -> Bins:
    """Bins over where the values are, as far as the first of them tell; it decides on speed alone."""
    low, high = math.inf, -math.inf
    for source in sources:
        for part in parts(source):
            for tensor in real(part):
                head = next(chunks(tensor, SORTED), None)
                values = torch.empty(0) if head is None else ready(head, grid_for(tensor)).double()
                values = values[values.isfinite()]
                if values.numel():
                    low, high = min(low, float(values.min())), max(high, float(values.max()))
            break
    if low > high:
        low, high = -1.0, 1.0
    margin = (high / 4 - low / 4) if high > low else abs(high) * 1e-3
    return Bins.spanning(low - margin, high + margin, 1 << 18, dtype)
