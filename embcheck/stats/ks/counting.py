"""The counting pass: how many values fall into each cell of a stage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.passes import over
from embcheck.stats.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.ks.stages import Stage

CHUNK_BYTES = 1 << 21
"""Counted together on a CPU: what is made of them on the way stays in a core's cache."""
_MOST = 1 << 30
"""Values that are counted in int32, which takes half the cache, before they are added up in int64."""


@dataclass(frozen=True)
class Seen:
    """What the first pass over a source learns beside the counts."""

    n: int
    """All values but NaN."""
    nan: int
    min: float
    """The smallest, infinities included; +inf without values."""
    max: float


def count(
    sources: Sequence[Source], stage: Stage, dtype: torch.dtype, known: Sequence[Seen | None]
) -> tuple[NDArray[np.int64], list[Seen]]:
    """One pass over each source.

    Args:
        sources: what to count.
        stage: the cells.
        dtype: float32 or float64; chunks of other dtypes are converted to it.
        known: for each source what an earlier pass has seen; NaN are looked for only where that is not known.

    Returns:
        counts of shape (len(sources), stage.size), and what was seen.
    """
    counts, seen = [], []
    for source, before in zip(sources, known, strict=True):

        def make(before: Seen | None = before) -> _Counter:
            return _Counter(stage, dtype, before)

        done = over(source, make, CHUNK_BYTES // dtype.itemsize)
        counts.append(sum(counter.result() for counter in done))
        seen.append(
            before
            or Seen(
                sum(c.n for c in done), sum(c.nan for c in done), min(c.min for c in done), max(c.max for c in done)
            )
        )
    return np.stack(counts), seen


class _Counter:
    """Counts the chunks that one thread sees."""

    def __init__(self, stage: Stage, dtype: torch.dtype, known: Seen | None) -> None:
        self._stage, self._dtype, self._known = stage, dtype, known
        self._scratch = Scratch()
        self._counts: torch.Tensor | None = None
        self._counted = 0
        self._sum = np.zeros(stage.size, dtype=np.int64)
        self.n = self.nan = 0
        self.min, self.max = math.inf, -math.inf

    def add(self, values: torch.Tensor) -> None:
        """Count one chunk."""
        values = self._look(values.to(self._dtype))
        for row, (branch, chosen) in enumerate(self._stage.select(values, self._scratch)):
            cells = branch.bins.index(chosen, self._scratch)
            self._count(cells.add_(row * self._stage.per) if row else cells)

    def _count(self, cells: torch.Tensor) -> None:
        if self._counts is None or self._counts.device != cells.device or self._counted > _MOST:
            self._settle()
            kind = torch.int32 if cells.is_cpu else torch.int64
            self._counts = torch.zeros(self._stage.size, dtype=kind, device=cells.device)
        if cells.is_cpu:
            one = torch.ones(1, dtype=torch.int32, device="cpu")
            self._counts.index_add_(0, cells, one.expand(cells.numel()))  # in place, where bincount makes new counts
        else:
            self._counts += torch.bincount(cells, minlength=self._stage.size)
        self._counted += cells.numel()

    def _settle(self) -> None:
        if self._counts is not None:
            self._sum += self._counts.cpu().numpy()
        self._counts, self._counted = None, 0

    def _look(self, values: torch.Tensor) -> torch.Tensor:
        if self._known is not None:
            return without_nan(values) if self._known.nan else values
        low, high = extent(values)
        if math.isnan(low):
            whole = values.numel()
            values = without_nan(values)
            self.nan += whole - values.numel()
            low, high = extent(values) if values.numel() else (math.inf, -math.inf)
        self.n += values.numel()
        self.min, self.max = min(self.min, low), max(self.max, high)
        return values

    def result(self) -> NDArray[np.int64]:
        """Counts of all cells; shape (size,)."""
        self._settle()
        return self._sum


def extent(values: torch.Tensor) -> tuple[float, float]:
    """Smallest and largest of at least one value, both NaN if any is."""
    if values.is_cpu:  # numpy reduces float32 several times faster than torch
        raw = values.numpy()
        return float(raw.min()), float(raw.max())
    low, high = torch.stack(torch.aminmax(values)).tolist()
    return low, high


def without_nan(values: torch.Tensor) -> torch.Tensor:
    """The values that are numbers."""
    return values[~values.isnan()]
