"""The gathering pass: the few values among which the maximum is, sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.counting import without_nan
from embcheck.stats.passes import over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.stages import Stage

CHUNK_BYTES = 1 << 19
"""Looked at together on a CPU: a few buffers of this size stay in a core's cache."""
MOST_BYTES = 1 << 24
"""Of the values that are held to be sorted."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """Values in ascending order; repeated ones either repeated (`counts` is None) or counted."""

    values: NDArray[np.floating]
    """Shape (m,), in the dtype of the source, so as not to double the memory."""
    counts: NDArray[np.int64] | None = None

    @property
    def total(self) -> int:
        """Values, repetitions included."""
        return self.values.size if self.counts is None else int(self.counts.sum())

    def merged(self) -> Gathered:
        """Each different value once, with its count."""
        if self.counts is None:
            values, counts = np.unique(self.values, return_counts=True)
            return Gathered(values, counts)
        values, where = np.unique(self.values, return_inverse=True)
        counts = np.zeros(values.size, dtype=np.int64)
        np.add.at(counts, where, self.counts)
        return Gathered(values, counts)


def gather(source: Source, stage: Stage, dtype: torch.dtype, *, nan: bool) -> Gathered | None:
    """The values that a stage selects, sorted; None if there are too many different ones to hold.

    Args:
        source: what to look at.
        stage: what to keep.
        dtype: float32 or float64; chunks of other dtypes are converted to it.
        nan: whether there are any, to be left out.
    """
    done = over(source, lambda: _Keeper(stage, dtype, nan=nan), CHUNK_BYTES // dtype.itemsize)
    return None if any(keeper.full for keeper in done) else joined([g for keeper in done for g in keeper.found], dtype)


def joined(found: list[Gathered], dtype: torch.dtype) -> Gathered:
    """Several lots as one, sorted."""
    if not found:
        return Gathered(np.empty(0, dtype=np.float32 if dtype == torch.float32 else np.float64))
    if all(lot.counts is None for lot in found):
        values = np.concatenate([lot.values for lot in found])
        values.sort()
        return Gathered(values)
    lots = [lot if lot.counts is not None else lot.merged() for lot in found]
    counts = np.concatenate([lot.counts for lot in lots if lot.counts is not None])
    return Gathered(np.concatenate([lot.values for lot in lots]), counts).merged()


class _Keeper:
    """Keeps what one thread selects, counting repetitions once that saves memory."""

    def __init__(self, stage: Stage, dtype: torch.dtype, *, nan: bool) -> None:
        self._stage, self._dtype, self._nan = stage, dtype, nan
        self.found: list[Gathered] = []
        self.full = False

    def add(self, values: torch.Tensor) -> None:
        """Keep what is selected of one chunk."""
        if self.full:
            return
        values = values.to(self._dtype)
        for _, chosen in self._stage.select(without_nan(values) if self._nan else values):
            self._keep(chosen)
        held = sum(lot.values.size for lot in self.found)
        if held * self._dtype.itemsize > MOST_BYTES:
            whole = joined(self.found, self._dtype)
            self.found = [whole.merged() if whole.counts is None else whole]
            self.full = self.found[0].values.size * self._dtype.itemsize > MOST_BYTES // 2

    def _keep(self, chosen: torch.Tensor) -> None:
        if chosen.is_cpu:
            self.found.append(Gathered(chosen.numpy()))
        else:  # what crosses to the host is one cell per different value and its count
            different, counts = torch.unique(chosen, return_counts=True)
            self.found.append(Gathered(different.cpu().numpy(), counts.cpu().numpy()))
