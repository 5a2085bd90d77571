"""Monotone maps from values to bins: what makes counting replace sorting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Bins:
    """Equal bins, indexed by floating-point arithmetic in the values' own dtype.

    Subtraction, multiplication and addition are monotone however they round, so the index is a monotone function of
    the value and cumulated counts are exact ranks. Only the *edges* are known no better than the rounding: each bin is
    given bounds that are wide enough to hold every value that can be counted in it. Adding 2^23 (2^52) to a float32
    (float64) leaves the rounded integer in the low bits, which saves a conversion.
    """

    center: float
    """Exactly representable in the dtype."""
    scale: float
    """Bins per unit; exactly representable in the dtype."""
    size: int
    """A power of two, at most 2^20."""
    dtype: torch.dtype
    """float32 or float64."""
    lowest: float = -np.inf
    """No value that is counted is below."""
    highest: float = np.inf

    @classmethod
    def spanning(  # noqa: PLR0917 - two intervals, each in order
        cls, low: float, high: float, size: int, dtype: torch.dtype, lowest: float = -np.inf, highest: float = np.inf
    ) -> Bins:
        """Bins from `low` to `high`; values outside are counted in the end bins. Infinite ends become finite ones."""
        kind = np.float32 if dtype == torch.float32 else np.float64
        largest = float(np.finfo(kind).max)
        low, high = (min(max(end, -largest), largest) for end in (low, high))
        center = float(kind(low / 2 + high / 2))
        half = max(high - center, center - low, float(np.finfo(kind).smallest_subnormal))
        # no larger than what keeps the product of scale and any difference within the bins' own rounding
        scale = min(size // 2 / half if half > size / largest else largest, largest)
        return cls(center, float(kind(scale)), size, dtype, lowest, highest)

    @property
    def integer(self) -> torch.dtype:
        """Of the index: as wide as the values."""
        return torch.int32 if self.dtype == torch.float32 else torch.int64

    @property
    def _base(self) -> int:
        """The bits of 2^23 (2^52)."""
        return 0x4B000000 if self.dtype == torch.float32 else 0x4330000000000000

    def keys(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Integers in the order of the values: `_base` + i in bin i, anything beyond outside.

        Args:
            values: shape (n,), this dtype, no NaN.
            out: scratch of shape (n,) and this dtype, overwritten.

        Returns:
            shape (n,), `integer`; a view of `out`.
        """
        out = torch.empty_like(values) if out is None else out
        if self.center:
            torch.sub(values, self.center, out=out).mul_(self.scale)
        else:
            torch.mul(values, self.scale, out=out)
        out.add_((2.0**23 if self.dtype == torch.float32 else 2.0**52) + self.size // 2)
        return out.view(self.integer)

    def index(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The bin of each value, in [0, size); arguments and result as of `keys`."""
        return self.keys(values, out).clamp_(self._base, self._base + self.size - 1).sub_(self._base)

    def pick(self, values: torch.Tensor, intervals: Sequence[tuple[int, int]]) -> torch.Tensor:
        """The values in bins `first` to `last` of any interval; what lies beyond an end bin belongs to it."""
        keys = self.keys(values)
        # numpy compares and compacts several times faster than torch
        raw = keys.numpy() if values.is_cpu else keys
        kept = None
        for first, last in intervals:
            inside = raw >= (self._base + first if first else torch.iinfo(self.integer).min)
            if last < self.size - 1:
                inside &= raw <= self._base + last
            kept = inside if kept is None else kept | inside
        if kept is None:
            return values[:0]
        if isinstance(kept, torch.Tensor):
            return values[kept]
        return torch.from_numpy(values.numpy()[np.flatnonzero(kept)])

    def low(self, i: Integers) -> Floats:
        """No value counted in bin i is smaller; shape of i."""
        edges = self._edge(i - self.size // 2 - 0.5 - self._slack, -1)
        return np.where(i == 0, self.lowest, np.maximum(edges, self.lowest))

    def high(self, i: Integers) -> Floats:
        """No value counted in bin i is larger."""
        edges = self._edge(i - self.size // 2 + 0.5 + self._slack, 1)
        return np.where(i == self.size - 1, self.highest, np.minimum(edges, self.highest))

    def _edge(self, bins: NDArray[np.floating], outwards: int) -> Floats:
        with np.errstate(over="ignore"):
            edges = self.center + bins / self.scale
        # the float64 sum is itself rounded, which matters where the bins are finer than the spacing at the centre
        spacing = np.spacing(np.minimum(np.maximum(abs(self.center), np.abs(edges)), 1e308))
        return np.asarray(edges + outwards * 2 * spacing)

    @property
    def _slack(self) -> float:
        """Bins by which rounding can move an edge.

        The difference and the product are each off by at most half an ulp, 2^-24 (2^-53) of at most size / 2 bins; the
        sum rounds to the nearest integer, which is the definition. Twice that, and what the edges are off by.
        """
        ulp = 2.0**-24 if self.dtype == torch.float32 else 2.0**-53
        return 2 * self.size * ulp + 1e-9
