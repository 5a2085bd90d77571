"""One thread's share of a summary: what it gathers of the chunks it sees."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.distinct import Distinct
from embcheck.stats.ks.counting import extent
from embcheck.stats.power_sums import PowerSums, sum_powers
from embcheck.stats.scratch import Scratch

if TYPE_CHECKING:
    from embcheck.stats.grid import Grid

CHUNK = 1 << 19
"""Values looked at together: many beside the turns at the interpreter's lock, which another thread may be waiting for;
their copies stay in a large cache."""


class _Room(threading.local):
    """Buffers made anew for every tensor would cost as many page faults as its values: each thread keeps its own."""

    def __init__(self) -> None:
        self.scratch = Scratch()


_host = _Room()


class Tally:
    """Counts, extremes, exact sums and the sketch of the chunks of one dtype."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.n = self.nan = self.posinf = self.neginf = self.zero = self.subnormal = 0
        self.min, self.max = math.inf, -math.inf
        self.powers = PowerSums()
        self.distinct = None if grid.exact else Distinct(grid.dtype)
        self._counts: torch.Tensor | None = None
        self._near_zero = 0
        self._device = Scratch()  # an accelerator's memory is not kept

    def add(self, values: torch.Tensor) -> None:
        """See one chunk: shape (m,), contiguous, in the grid's dtype."""
        self.n += values.numel()
        self._count(values)
        if self.distinct is None:
            return
        low, high = extent(values)
        if not (math.isfinite(low) and math.isfinite(high)):
            values = self._finite(values)
            if not values.numel():
                return
            low, high = extent(values)
        self.min, self.max = min(self.min, low), max(self.max, high)
        half, width, counts = self.grid.size // 2, self.grid.tiny, self.counts
        near_zero = int(counts[:width].sum()) + int(counts[half : half + width].sum())
        if near_zero > self._near_zero:
            self._near_zero = near_zero
            zero = values.numel() - int(torch.count_nonzero(values))
            tiny = int((values.abs() < self.grid.smallest_normal).sum())
            self.zero += zero
            self.subnormal += tiny - zero
        self.powers = self.powers + sum_powers(values, max(-low, high), self._scratch(values, torch.float64))
        self.distinct.add(values, self._buffers(values))

    @property
    def counts(self) -> np.ndarray:
        """Of all codes of the grid."""
        if self._counts is None:
            return np.zeros(self.grid.size, dtype=np.int64)
        counts: np.ndarray = self._counts.cpu().numpy()
        return counts

    def _count(self, values: torch.Tensor) -> None:
        integer = torch.int64 if self.grid.name == "float64" else torch.int32
        codes = self.grid.codes(values, self._scratch(values, integer) if self.grid.bits > 8 else None)
        if self._counts is None or not codes.is_cpu or codes.dtype is torch.uint8:
            counts = torch.bincount(codes, minlength=self.grid.size)
            self._counts = counts if self._counts is None else self._counts + counts.to(self._counts.device)
        else:  # in place, where bincount makes half a megabyte of new counts
            one = torch.ones(1, dtype=torch.int64, device="cpu")
            self._counts.index_add_(0, codes, one.expand(codes.numel()))

    def _finite(self, values: torch.Tensor) -> torch.Tensor:
        nan = int(values.isnan().sum())
        posinf, neginf = int((values == math.inf).sum()), int((values == -math.inf).sum())
        self.nan, self.posinf, self.neginf = self.nan + nan, self.posinf + posinf, self.neginf + neginf
        return values[values.isfinite()]

    def _buffers(self, values: torch.Tensor) -> Scratch:
        return _host.scratch if values.is_cpu else self._device

    def _scratch(self, values: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        return self._buffers(values).take("high", values.numel(), dtype, values.device)  # hashing comes later
