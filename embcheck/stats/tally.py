"""One thread's share of a summary: what it gathers of the chunks it sees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.distinct import Distinct
from embcheck.stats.ks.counting import extent
from embcheck.stats.power_sums import PowerSums, sum_powers

if TYPE_CHECKING:
    from embcheck.stats.grid import Grid

CHUNK = 1 << 19
"""Values counted together: many beside the 65536 counts that each chunk gives."""
_BLOCK = 1 << 16
"""Values summed and hashed together: their copies stay in a core's cache."""


class Tally:
    """Counts, extremes, exact sums and the sketch of the chunks of one dtype."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.n = self.nan = self.posinf = self.neginf = self.zero = self.subnormal = 0
        self.min, self.max = math.inf, -math.inf
        self.powers = PowerSums()
        self.distinct = None if grid.exact else Distinct(grid.dtype)
        self._counts: np.ndarray | None = None
        self._codes = torch.empty(0, dtype=torch.int32, device="cpu")
        self._doubles = torch.empty(0, dtype=torch.float64, device="cpu")

    def add(self, values: torch.Tensor) -> None:
        """See one chunk: shape (m,), contiguous, in the grid's dtype."""
        m = values.numel()
        self.n += m
        counts = self._counted(values)
        if self._counts is None:  # most tensors are one chunk, and half a megabyte of zeros costs as much as they do
            self._counts = counts
        else:
            self._counts += counts
        if self.distinct is None:
            return
        low, high = extent(values)
        if not (math.isfinite(low) and math.isfinite(high)):
            values = self._finite(values)
            if not values.numel():
                return
            low, high = extent(values)
        self.min, self.max = min(self.min, low), max(self.max, high)
        half, width = self.grid.size // 2, self.grid.tiny
        if counts[:width].any() or counts[half : half + width].any():
            zero = values.numel() - int(torch.count_nonzero(values))
            tiny = int((values.abs() < self.grid.smallest_normal).sum())
            self.zero += zero
            self.subnormal += tiny - zero
        size = _BLOCK if values.is_cpu else values.numel()
        for block in torch.split(values, size):
            self.powers = self.powers + sum_powers(block, max(-low, high), self._scratch(block))
            self.distinct.add(block)

    @property
    def counts(self) -> np.ndarray:
        """Of all codes of the grid."""
        return np.zeros(self.grid.size, dtype=np.int64) if self._counts is None else self._counts

    def _counted(self, values: torch.Tensor) -> np.ndarray:
        if self.grid.bits > 8:
            integer = torch.int64 if self.grid.name == "float64" else torch.int32
            if self._codes.numel() < values.numel() or self._codes.device != values.device:
                self._codes = torch.empty(values.numel(), dtype=integer, device=values.device)
        codes = self.grid.codes(values, self._codes[: values.numel()])
        counts: np.ndarray = torch.bincount(codes, minlength=self.grid.size).cpu().numpy()
        return counts

    def _finite(self, values: torch.Tensor) -> torch.Tensor:
        nan = int(values.isnan().sum())
        posinf, neginf = int((values == math.inf).sum()), int((values == -math.inf).sum())
        self.nan, self.posinf, self.neginf = self.nan + nan, self.posinf + posinf, self.neginf + neginf
        return values[values.isfinite()]

    def _scratch(self, block: torch.Tensor) -> torch.Tensor:
        if self._doubles.numel() < block.numel() or self._doubles.device != block.device:
            self._doubles = torch.empty(block.numel(), dtype=torch.float64, device=block.device)
        return self._doubles
