"""All that is kept of a tensor after one pass over it; two summaries add up to the summary of both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.chunks import DEVICE_CHUNK, HOST_CHUNK, Source, chunks, parts, ready, real
from embcheck.stats.distinct import Distinct, Sketch
from embcheck.stats.grid import Grid, grid_of
from embcheck.stats.power_sums import PowerSums, sum_powers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


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

        Beyond that an estimate with a relative standard deviation of 0.8% (see `Sketch`); `distinct_is_exact` says which.
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
            *(getattr(self, f) + getattr(other, f)
              for f in ("n", "finite", "nan", "posinf", "neginf", "zero", "subnormal")),
            min=_nan_free(min, self.min, other.min),
            max=_nan_free(max, self.max, other.max),
            cells=cells,
            counts=counts,
            powers=None if self.powers is None or other.powers is None else self.powers + other.powers,
            sketch=None if self.sketch is None or other.sketch is None else self.sketch + other.sketch,
        )


def _nan_free(pick, a: float, b: float) -> float:
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
            one = _summary(piece)
            found = one if found is None else found + one
    if found is None:
        raise ValueError("No tensor was given; there is nothing to summarise.")
    return found


def summarize_source(source: Source) -> Summary:
    """The summary of a tensor or of the parts that a function gives."""
    return summarize_parts(parts(source))


def _summary(tensor: torch.Tensor) -> Summary:
    grid = grid_of(torch.float32 if tensor.is_quantized else tensor.dtype)
    gather = _Gather(grid)
    with torch.no_grad():
        for chunk in chunks(tensor, HOST_CHUNK if tensor.device.type == "cpu" else DEVICE_CHUNK):
            gather.add(ready(chunk, grid))
    return gather.summary()


class _Gather:
    """Sees chunks of one dtype."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._counts = np.zeros(grid.size, dtype=np.int64)
        self._n = self._nan = self._posinf = self._neginf = self._zero = self._subnormal = 0
        self._min, self._max = math.inf, -math.inf
        self._powers = PowerSums()
        self._distinct = None if grid.exact else Distinct(grid.dtype.itemsize * 8)

    def add(self, x: torch.Tensor) -> None:
        self._n += x.numel()
        counts = torch.bincount(self._grid.codes(x), minlength=self._grid.size)
        self._counts += counts.cpu().numpy()
        if self._grid.exact:
            return
        self._posinf += int((x == math.inf).sum())
        self._neginf += int((x == -math.inf).sum())
        self._nan += int(x.isnan().sum())
        x = x[x.isfinite()]
        if not x.numel():
            return
        low, high = (float(v) for v in torch.aminmax(x))
        self._min, self._max = min(self._min, low), max(self._max, high)
        zero = int((x == 0).sum())
        self._zero += zero
        self._subnormal += int((x.abs() < self._grid.smallest_normal).sum()) - zero
        self._powers = self._powers + sum_powers(x, max(-low, high))
        assert self._distinct is not None
        self._distinct.add(x[x != 0] if zero else x)

    def summary(self) -> Summary:
        grid = self._grid
        counts = grid.ordered(self._counts)
        cells = np.flatnonzero(counts).astype(np.int32)
        held = counts[cells]
        name = grid.name
        if grid.exact:
            values = grid.lowest[cells]
            finite = np.isfinite(values)
            def of(mask): return int(held[mask].sum())
            return Summary(name, self._n, of(finite), of(np.isnan(values)), of(values == np.inf), of(values == -np.inf),
                of(values == 0), of((np.abs(values) < grid.smallest_normal) & (values != 0)),
                float(values[finite].min()) if finite.any() else math.nan,
                float(values[finite].max()) if finite.any() else math.nan, cells, held)
        finite_n = self._n - self._nan - self._posinf - self._neginf
        return Summary(name, self._n, finite_n, self._nan, self._posinf, self._neginf, self._zero, self._subnormal,
            self._min if finite_n else math.nan, self._max if finite_n else math.nan, cells, held, self._powers,
            self._distinct.sketch())
