"""Exact suprema over values too many to sort: count, bracket, and look again only where the maximum can be.

A counting pass over bins gives exact ranks at their ends, hence bounds of F_n - F within each. The bins that can still
hold the maximum are few, since a Brownian bridge spends a time of order delta^2 within delta of its maximum. Their
values are gathered and sorted, or, when they are too many to hold, counted again in finer bins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from embcheck.stats.ks import gathering
from embcheck.stats.ks.counting import Seen, count
from embcheck.stats.ks.gathering import Gathered, gather
from embcheck.stats.ks.runs import Runs, runs_of
from embcheck.stats.ks.search import Bounds, Extreme, farthest
from embcheck.stats.ks.stages import Stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.ks.bins import Bins

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_CLOSE_ENOUGH = 1e-13
"""A bracket of D narrower than this is D: distribution functions are not known better."""


@dataclass(frozen=True)
class Cells:
    """Ranges of values in ascending order, with exact ranks in one or two sources."""

    size: int
    low: Callable[[Integers], Floats]
    """No value in cell i is smaller."""
    high: Callable[[Integers], Floats]
    """No value in cell i is larger; the same function as `low` where each cell is one value."""
    below: Callable[[Integers], Integers]
    """Values of each source before cell i; shape (sources, len(i))."""
    upto: Callable[[Integers], Integers]
    """Values of each source to the end of cell i."""

    @property
    def single(self) -> bool:
        """Each cell is one value."""
        return self.low is self.high


Compare = Callable[[Cells, Sequence[int]], Callable[["Integers", "Integers"], Bounds]]
"""Makes, of cells and the sizes of the sources, the bounds that `farthest` asks for."""


def locate(
    sources: Sequence[Source], bins: Bins, compare: Compare, known: Sequence[Seen | None]
) -> tuple[Extreme | None, float, list[int]]:
    """The largest distance between the distribution of a source and a law, or between two sources.

    Args:
        sources: one or two.
        bins: of the first counting pass; the finer where the values are, the fewer passes follow.
        compare: how far apart.
        known: for each source what an earlier pass has seen.

    Returns:
        the maximum (None if a source has no values), the value where it is, and the sizes without NaN.
    """
    stage = Stage.whole(bins, [0] * len(sources))
    counts, seen = count(sources, stage, bins.dtype, known)
    sizes = [s.n for s in seen]
    if not all(sizes):
        return None, np.nan, sizes
    bounded = replace(bins, lowest=min(s.min for s in seen), highest=max(s.max for s in seen))
    stage = Stage.whole(bounded, sizes)
    counted_again = False
    while True:
        cells = _binned(stage, counts)
        found = farthest(cells.size, compare(cells, sizes))
        runs = runs_of(stage, found.candidates, counts)
        if counted_again or runs.total * bins.dtype.itemsize <= gathering.MOST_BYTES:
            lots = [gather(s, runs, bins.dtype, nan=seen[i].nan > 0) for i, s in enumerate(sources)]
            if all(lot is not None for lot in lots):
                cells = sorted_cells([lot for lot in lots if lot is not None], runs)
                found = farthest(cells.size, compare(cells, sizes))
                return found, float(cells.low(np.array([found.cell]))[0]), sizes
        if found.high - found.d <= _CLOSE_ENOUGH:
            return found, float(cells.low(np.array([found.cell]))[0]), sizes
        stage, counted_again = stage.narrowed(found.candidates, counts), True
        counts, _ = count(sources, stage, bins.dtype, seen)


def _binned(stage: Stage, counts: Integers) -> Cells:
    inside = np.cumsum(counts, axis=1)

    def upto(i: Integers) -> Integers:
        return inside[:, i] + stage.shift[:, stage.interval(i)]

    return Cells(stage.size, stage.low, stage.high, lambda i: upto(i) - counts[:, i], upto)


def sorted_cells(lots: Sequence[Gathered], runs: Runs | None = None) -> Cells:
    """Cells of one value each.

    Args:
        lots: for each source its values in ascending order, at least one in all.
        runs: where they were found; None if they are all values.
    """
    if len(lots) == 1 and lots[0].counts is None:
        points = lots[0].values

        def inside(i: Integers) -> Integers:
            return i[None, :] + 1

        def before(i: Integers) -> Integers:
            return i[None, :]
    else:
        lots = [lot if lot.counts is not None else lot.merged() for lot in lots]
        points = lots[0].values if len(lots) == 1 else np.union1d(lots[0].values, lots[1].values)
        spread = np.zeros((len(lots), points.size), dtype=np.int64)
        for row, lot in zip(spread, lots, strict=True):
            row[np.searchsorted(points, lot.values)] = 0 if lot.counts is None else lot.counts
        total = np.cumsum(spread, axis=1)

        def inside(i: Integers) -> Integers:
            return total[:, i]

        def before(i: Integers) -> Integers:
            return total[:, i] - spread[:, i]

    if runs is None:
        return Cells(points.size, *_same(points), before, inside)
    ends = np.cumsum(runs.held.sum(axis=0))

    def shift(i: Integers) -> Integers:
        return runs.shift[:, np.searchsorted(ends, before(i).sum(axis=0), side="right")]

    return Cells(points.size, *_same(points), lambda i: before(i) + shift(i), lambda i: inside(i) + shift(i))


def _same(points: NDArray[np.floating]) -> tuple[Callable[[Integers], Floats], Callable[[Integers], Floats]]:
    def value(i: Integers) -> Floats:
        return points[i].astype(np.float64)

    return value, value
