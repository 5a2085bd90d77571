"""Monotone maps from values to bins: what makes counting replace sorting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.ks.selection import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from embcheck.stats.scratch import Scratch

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Bins:
    """Equal bins, or finer ones in the middle, indexed by floating-point arithmetic in the values' own dtype.

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
    knee: float = 0.0
    """Of equal bins, exactly representable: within so many of the centre each is divided in three; 0: nowhere."""

    @classmethod
    def spanning(  # noqa: PLR0917 - two intervals, each in order
        cls, low: float, high: float, size: int, dtype: torch.dtype, lowest: float = -np.inf, highest: float = np.inf,
        bulk: float = 0.0,
    ) -> Bins:  # fmt: skip
        """Bins from `low` to `high`; values outside are counted in the end bins. Infinite ends become finite ones.

        Within `bulk` of the middle bins are three times as fine as elsewhere; 0 where all are to be equal.
        """
        kind = np.float32 if dtype == torch.float32 else np.float64
        largest = float(np.finfo(kind).max)
        low, high = (min(max(end, -largest), largest) for end in (low, high))
        center = float(kind(low / 2 + high / 2))
        half = max(high - center, center - low, float(np.finfo(kind).smallest_subnormal))
        half = min(half + 2 * bulk, largest)
        # no larger than what keeps the product of scale and any difference within the bins' own rounding
        scale = float(kind(min(size // 2 / half if half > size / largest else largest, largest)))
        return cls(center, scale, size, dtype, lowest, highest, float(kind(bulk * scale)))

    @property
    def integer(self) -> torch.dtype:
        """Of the index: as wide as the values."""
        return torch.int32 if self.dtype == torch.float32 else torch.int64

    @property
    def _base(self) -> int:
        """The bits of 2^23 (2^52)."""
        return 0x4B000000 if self.dtype == torch.float32 else 0x4330000000000000

    def keys(self, values: torch.Tensor, scratch: Scratch) -> torch.Tensor:
        """Integers in the order of the values: `_base` + i in bin i, anything beyond outside.

        Args:
            values: shape (n,), this dtype, no NaN.
            scratch: gives the room.

        Returns:
            shape (n,), `integer`; valid until the next call with the same scratch.
        """
        out = scratch.take("keys", values.numel(), self.dtype, values.device)
        if self.center:
            torch.sub(values, self.center, out=out).mul_(self.scale)
        else:
            torch.mul(values, self.scale, out=out)
        if self.knee:
            bulk = scratch.take("bulk", values.numel(), self.dtype, values.device)
            # twice a float is exact, so that a fused product and sum would change nothing
            out.add_(torch.clamp(out, -self.knee, self.knee, out=bulk), alpha=2)
        out.add_((2.0**23 if self.dtype == torch.float32 else 2.0**52) + self.size // 2)
        return out.view(self.integer)

    def index(self, values: torch.Tensor, scratch: Scratch) -> torch.Tensor:
        """The bin of each value, in [0, size); arguments and result as of `keys`."""
        return self.keys(values, scratch).clamp_(self._base, self._base + self.size - 1).sub_(self._base)

    def pick(self, values: torch.Tensor, intervals: Sequence[tuple[int, int]], scratch: Scratch) -> torch.Tensor:
        """The values in bins `first` to `last` of any interval; what lies beyond an end bin belongs to it."""
        values = self.pick_about(values, intervals, scratch)
        least, most = torch.iinfo(self.integer).min, torch.iinfo(self.integer).max
        ends = [
            (self._base + first if first else least, self._base + last if last < self.size - 1 else most)
            for first, last in intervals
        ]
        return within(values, self.keys(values, scratch), ends, scratch)

    def pick_about(self, values: torch.Tensor, intervals: Sequence[tuple[int, int]], scratch: Scratch) -> torch.Tensor:
        """What `pick` gives, and a few values from the bins beside: cheap, by the bounds of the bins."""
        kind = np.float32 if self.dtype == torch.float32 else np.float64
        ends = []
        with np.errstate(over="ignore"):
            for first, last in intervals:
                low, high = self.low(np.array([first]))[0], self.high(np.array([last]))[0]
                # one step outwards, whichever way the conversion rounded
                outwards = np.nextafter(kind(low), kind(-np.inf)), np.nextafter(kind(high), kind(np.inf))
                ends.append((float(outwards[0]), float(outwards[1])))
        return within(values, values, ends, scratch)

    def low(self, i: Integers) -> Floats:
        """No value counted in bin i is smaller; shape of i."""
        edges = self._edge(i - self.size // 2 - 0.5 - self._slack, -1)
        return np.where(i == 0, self.lowest, np.maximum(edges, self.lowest))

    def high(self, i: Integers) -> Floats:
        """No value counted in bin i is larger."""
        edges = self._edge(i - self.size // 2 + 0.5 + self._slack, 1)
        return np.where(i == self.size - 1, self.highest, np.minimum(edges, self.highest))

    def _edge(self, bins: NDArray[np.floating], outwards: int) -> Floats:
        if self.knee:
            bins = np.where(np.abs(bins) <= 3 * self.knee, bins / 3, bins - np.copysign(2 * self.knee, bins))
        with np.errstate(over="ignore"):
            edges = self.center + bins / self.scale
        # the float64 sum is itself rounded, which matters where the bins are finer than the spacing at the centre
        spacing = np.spacing(np.minimum(np.maximum(abs(self.center), np.abs(edges)), 1e308))
        return np.asarray(edges + outwards * 2 * spacing)

    @property
    def _slack(self) -> float:
        """Bins by which rounding can move an edge.

        The difference, the product and the sum at the knee are each off by at most half an ulp, 2^-24 (2^-53) of at
        most size / 2 bins; the last sum rounds to the nearest integer, which is the definition. Twice that, and what
        the edges are off by.
        """
        ulp = 2.0**-24 if self.dtype == torch.float32 else 2.0**-53
        return 3 * self.size * ulp + 1e-9
