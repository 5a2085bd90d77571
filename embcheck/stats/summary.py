"""All that is kept of a tensor after one pass over it; two summaries add up to the summary of both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.chunks import Source, parts, real
from embcheck.stats.grid import Grid, grid_of
from embcheck.stats.passes import grid_for, over
from embcheck.stats.power_sums import PowerSums, total
from embcheck.stats.small import counted
from embcheck.stats.tally import CHUNK, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from embcheck.stats.distinct import Sketch


@dataclass(frozen=True, eq=False)
class Summary:
    """What is kept of a tensor. Adding two is exact and associative: any order of merging gives the same numbers.

    `mean` and `std` (population, ddof = 0) are over the finite values, NaN without any; so are `min` and `max`. For
    16-bit and smaller types everything follows from `counts`, which are the whole distribution.
    """

    dtype: str
    """Of the numbers looked at: ``float32`` for complex64 and quantized tensors as well; wide integers are counted as
    float64."""
    n: int
    finite: int
    nan: int
    posinf: int
    neginf: int
    zero: int
    subnormal: int
    """Not zero, but smaller in size than the dtype's smallest normal number."""
    min: float
    max: float
    cells: NDArray[np.int32]
    """The cells of the dtype's order-preserving grid that hold anything, ascending (see `grid`); NaN and infinities
    included."""
    counts: NDArray[np.int64]
    """How many values each of them holds."""
    powers: PowerSums | None = None
    sketch: Sketch | None = None

    @property
    def grid(self) -> Grid:
        """What the cells stand for."""
        return grid_of(getattr(torch, self.dtype))

    @cached_property
    def mean(self) -> float:
        """Over the finite values, to float64 accuracy."""
        return self._moments[0]

    @cached_property
    def std(self) -> float:
        """sqrt(mean((x - mean)^2)) over the finite values, to float64 accuracy."""
        return self._moments[1]

    @cached_property
    def _moments(self) -> tuple[float, float]:
        if not self.finite:
            return math.nan, math.nan
        if self.powers is not None:
            return self.powers.mean, self.powers.std
        values, counts = self.values_and_counts()
        rough = float(np.dot(values, counts)) / self.finite
        mean = rough + float(np.dot(values - rough, counts)) / self.finite
        return mean, math.sqrt(float(np.dot((values - mean) ** 2, counts)) / self.finite)

    @cached_property
    def distinct(self) -> int:
        """Different finite values, -0 and 0 being one: exact up to 16384 and in 16-bit and smaller types.

        Beyond that an estimate with a relative standard deviation of 0.8% (see `Sketch`), as `distinct_is_exact` says.
        """
        if self.sketch is not None:
            return min(self.sketch.estimate + (self.zero > 0), self.finite)
        return int(self.values_and_counts()[0].size)

    @property
    def distinct_is_exact(self) -> bool:
        """Whether `distinct` is a count and not an estimate."""
        return self.sketch is None or not self.sketch.full

    def distribution(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """As `values_and_counts`, infinities included."""
        return self._distribution(~np.isnan(self.grid.lowest))

    def values_and_counts(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The whole distribution of the finite values of a 16-bit or smaller type.

        Returns:
            ascending different values (-0 and 0 merged), shape (k,), and how often each occurs.

        Raises:
            TypeError: the dtype is wider, and a cell is a range of values.
        """
        return self._distribution(self.grid.finite)

    def _distribution(self, wanted: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        if not self.grid.exact:
            raise TypeError(f"The counts of a {self.dtype} tensor are not its values; only those of 16 bits and less.")
        keep = wanted[self.cells]
        values, counts = self.grid.lowest[self.cells[keep]], self.counts[keep]
        start = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
        return values[start] + 0.0, (np.add.reduceat(counts, start) if start.size else counts)

    def __add__(self, other: Summary) -> Summary:
        if self.dtype != other.dtype:
            raise TypeError(f"A summary of {self.dtype} and one of {other.dtype} do not add up; cast one tensor first.")
        cells, inverse = np.unique(np.concatenate([self.cells, other.cells]), return_inverse=True)
        counts = np.zeros(cells.size, dtype=np.int64)
        np.add.at(counts, inverse, np.concatenate([self.counts, other.counts]))
        return Summary(
            self.dtype,
            n=self.n + other.n,
            finite=self.finite + other.finite,
            nan=self.nan + other.nan,
            posinf=self.posinf + other.posinf,
            neginf=self.neginf + other.neginf,
            zero=self.zero + other.zero,
            subnormal=self.subnormal + other.subnormal,
            min=_nan_free(min, self.min, other.min),
            max=_nan_free(max, self.max, other.max),
            cells=cells,
            counts=counts,
            powers=None if self.powers is None or other.powers is None else self.powers + other.powers,
            sketch=None if self.sketch is None or other.sketch is None else self.sketch + other.sketch,
        )


def _nan_free(pick: Callable[[float, float], float], a: float, b: float) -> float:
    return b if math.isnan(a) else a if math.isnan(b) else pick(a, b)


def summarize(tensor: torch.Tensor) -> Summary:
    """The summary of a tensor of any size, dtype, stride, layout and device, in one pass and bounded memory.

    Raises:
        Unsupported: there are no values to look at (meta, fake, lazy tensors; packed dtypes).
    """
    return summarize_parts([tensor])


def summarize_parts(tensors: Iterable[torch.Tensor]) -> Summary:
    """The summary of all elements of tensors of one dtype: slices of a file, shards, pieces of a network.

    Raises:
        TypeError: the dtypes differ.
        ValueError: there is no tensor at all.
    """
    found: Summary | None = None
    for tensor in tensors:
        for piece in real(tensor):
            grid = grid_for(piece)
            few = counted(piece, grid)
            one = (
                Summary(grid.name, piece.numel(), piece.numel(), 0, 0, 0, **few._asdict())
                if few is not None
                else _summary(grid, over(piece, lambda grid=grid: Tally(grid), CHUNK))  # type: ignore[misc]
            )
            found = one if found is None else found + one
    if found is None:
        raise ValueError("No tensor was given; there is nothing to summarise.")
    return found


def summarize_source(source: Source) -> Summary:
    """The summary of a tensor or of the parts that a function gives."""
    return summarize_parts(parts(source))


def _summary(grid: Grid, tallies: list[Tally]) -> Summary:
    """What several threads have gathered, added up."""
    counts = tallies[0].counts if len(tallies) == 1 else np.sum([tally.counts for tally in tallies], axis=0)
    cells, held = grid.occupied(counts)
    n = sum(tally.n for tally in tallies)
    if grid.exact:
        values = grid.lowest[cells]
        finite = np.isfinite(values)

        def of(mask: NDArray[np.bool_]) -> int:
            return int(held[mask].sum())

        return Summary(
            grid.name,
            n,
            finite=of(finite),
            nan=of(np.isnan(values)),
            posinf=of(values == np.inf),
            neginf=of(values == -np.inf),
            zero=of(values == 0),
            subnormal=of((np.abs(values) < grid.smallest_normal) & (values != 0)),
            min=float(values[finite].min()) if finite.any() else math.nan,
            max=float(values[finite].max()) if finite.any() else math.nan,
            cells=cells,
            counts=held,
        )
    nan, posinf, neginf = (sum(getattr(t, kind) for t in tallies) for kind in ("nan", "posinf", "neginf"))
    finite_n = n - nan - posinf - neginf
    return Summary(
        grid.name,
        n,
        finite_n,
        nan,
        posinf,
        neginf,
        zero=sum(t.zero for t in tallies),
        subnormal=sum(t.subnormal for t in tallies),
        min=min(t.min for t in tallies) if finite_n else math.nan,
        max=max(t.max for t in tallies) if finite_n else math.nan,
        cells=cells,
        counts=held,
        powers=total(t.powers for t in tallies),
        sketch=reduce(add, (t.distinct.sketch() for t in tallies if t.distinct is not None)),
    )
