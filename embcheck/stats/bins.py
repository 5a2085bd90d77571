"""Monotone maps from values to bins: what makes counting replace sorting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
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
    dtype: torch.dtype
    lowest: float = -np.inf
    """No value is below; the first bin's lower bound."""
    highest: float = np.inf
    sources: int = 1

    @classmethod
    def spanning(cls, low: float, high: float, size: int, dtype: torch.dtype, sources: int = 1) -> Bins:
        """Bins from `low` to `high` (finite, low <= high), values outside being counted in the end bins."""
        kind = np.float32 if dtype == torch.float32 else np.float64
        center = float(kind(low / 2 + high / 2))
        with np.errstate(over="ignore", divide="ignore"):
            scale = float(kind(size // 2) / kind(max(high - center, center - low)))
        return cls(center, scale if np.isfinite(scale) else float(np.finfo(kind).max) / size, size, dtype, sources=sources)

    @property
    def integer(self) -> torch.dtype:
        """Of the index: as wide as the values."""
        return torch.int32 if self.dtype == torch.float32 else torch.int64

    def index(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The bin of each value.

        Args:
            values: shape (n,), this dtype, no NaN.
            out: scratch of shape (n,) and this dtype, overwritten.

        Returns:
            shape (n,), `integer`, in [0, size); a view of `out`.
        """
        out = torch.empty_like(values) if out is None else out
        shift = 2.0**23 if self.dtype == torch.float32 else 2.0**52
        base = 0x4B000000 if self.dtype == torch.float32 else 0x4330000000000000
        if self.center:
            torch.sub(values, self.center, out=out).mul_(self.scale)
        else:
            torch.mul(values, self.scale, out=out)
        out.add_(shift + self.size // 2)
        return out.view(self.integer).clamp_(base, base + self.size - 1).sub_(base)

    def select(self, values: torch.Tensor) -> torch.Tensor:
        """Every value has a bin."""
        return values

    def interval(self, i: Integers) -> Integers:
        """All bins are one interval."""
        return np.zeros_like(i)

    @property
    def shift(self) -> Integers:
        """Ranks among the binned values are ranks among all; shape (sources, 1)."""
        return np.zeros((self.sources, 1), dtype=np.int64)

    def low(self, i: Integers) -> Floats:
        """No value counted in bin i is smaller; shape of i."""
        edges = self._edge(i - self.size // 2 - 0.5 - self._slack, -1)
        return np.where(i == 0, self.lowest, np.maximum(edges, self.lowest))

    def high(self, i: Integers) -> Floats:
        """No value counted in bin i is larger."""
        edges = self._edge(i - self.size // 2 + 0.5 + self._slack, 1)
        return np.where(i == self.size - 1, self.highest, np.minimum(edges, self.highest))

    def _edge(self, bins: Floats, outwards: int) -> Floats:
        with np.errstate(over="ignore"):
            edges = self.center + bins / self.scale
        # the float64 sum is itself rounded, which matters where the bins are finer than the spacing at the centre
        return edges + outwards * 2 * np.spacing(np.minimum(np.maximum(abs(self.center), np.abs(edges)), 1e308))

    @property
    def _slack(self) -> float:
        """Bins by which rounding can move an edge.

        The difference and the product are each off by at most half an ulp, 2^-24 (2^-53) of at most size / 2 bins; the sum
        rounds to the nearest integer, which is the definition. Twice that, and what the edges themselves are off by.
        """
        ulp = 2.0**-24 if self.dtype == torch.float32 else 2.0**-53
        return 2 * self.size * ulp + 1e-9
