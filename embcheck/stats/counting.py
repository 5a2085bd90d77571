"""The counting pass: how many values fall into each cell of a stage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.passes import over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.stages import Stage

CHUNK_BYTES = 1 << 22
"""Looked at together on a CPU: large beside the counts that each chunk gives, small beside the memory allowed."""
REPEAT_BYTES = 1 << 21
"""The same where only few of the values are counted, and the counts weigh less."""


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

        size = (CHUNK_BYTES if not stage.branches[0].path else REPEAT_BYTES) // dtype.itemsize
        done = over(source, make, size)
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
        self._counts: torch.Tensor | None = None
        self._scratch = torch.empty(0, device="cpu", dtype=dtype)
        self.n = self.nan = 0
        self.min, self.max = math.inf, -math.inf

    def add(self, values: torch.Tensor) -> None:
        """Count one chunk."""
        values = self._look(values.to(self._dtype))
        if self._counts is None:
            self._counts = torch.zeros(
                len(self._stage.branches), self._stage.per, dtype=torch.int64, device=values.device
            )
        for row, (branch, chosen) in enumerate(self._stage.select(values)):
            if self._scratch.numel() < chosen.numel() or self._scratch.device != chosen.device:
                self._scratch = torch.empty_like(chosen)
            cells = branch.bins.index(chosen, self._scratch[: chosen.numel()])
            self._counts[row] += torch.bincount(cells, minlength=self._stage.per).to(self._counts.device)

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
        if self._counts is None:
            return np.zeros(self._stage.size, dtype=np.int64)
        result: NDArray[np.int64] = self._counts.cpu().numpy().reshape(-1)
        return result


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
