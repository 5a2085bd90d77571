"""The gathering pass: the few values among which the maximum is, sorted."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.ks.counting import without_nan
from embcheck.stats.passes import over
from embcheck.stats.scratch import Scratch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.ks.runs import Runs

CHUNK_BYTES = 1 << 22
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


def gather(source: Source, runs: Runs, dtype: torch.dtype, *, nan: bool) -> Gathered | None:
    """The values in the runs, sorted; None if there are too many different ones to hold.

    Args:
        source: what to look at.
        runs: what to keep.
        dtype: float32 or float64; chunks of other dtypes are converted to it.
        nan: whether there are any, to be left out.
    """
    kind = np.float32 if dtype == torch.float32 else np.float64
    fits = runs.total * dtype.itemsize <= MOST_BYTES
    shared = _Room(runs.total, kind) if fits else None

    def make() -> _Keeper:
        return _Keeper(runs, dtype, shared or _Room(MOST_BYTES // (4 * dtype.itemsize), kind), nan=nan)

    done = over(source, make, CHUNK_BYTES // dtype.itemsize)
    if any(keeper.full for keeper in done):
        return None
    rooms = {id(keeper.room): keeper.room for keeper in done}.values()
    lots = [Gathered(room.held) for room in rooms if room.size]
    return joined([*lots, *(keeper.counted for keeper in done if keeper.counted is not None)], dtype)


def joined(found: list[Gathered], dtype: torch.dtype) -> Gathered:
    """Several lots as one, sorted."""
    if not found:
        return Gathered(np.empty(0, dtype=np.float32 if dtype == torch.float32 else np.float64))
    if len(found) == 1 and found[0].counts is None:
        found[0].values.sort()
        return found[0]
    if all(lot.counts is None for lot in found):
        values = np.concatenate([lot.values for lot in found])
        values.sort()
        return Gathered(values)
    lots = [lot if lot.counts is not None else lot.merged() for lot in found]
    counts = np.concatenate([lot.counts for lot in lots if lot.counts is not None])
    return Gathered(np.concatenate([lot.values for lot in lots]), counts).merged()


class _Room:
    """An array that several threads fill.

    Values are copied into one place: many small arrays between the large temporary ones of each chunk would leave the
    heap in pieces.
    """

    def __init__(self, capacity: int, kind: type[np.floating]) -> None:
        self._values = np.empty(capacity, dtype=kind)
        self._lock = threading.Lock()
        self.size = 0

    @property
    def held(self) -> NDArray[np.floating]:
        """What was put in."""
        return self._values[: self.size]

    def put(self, values: NDArray[np.floating]) -> bool:
        """Copy the values in if there is room; whether there was."""
        with self._lock:
            start, end = self.size, self.size + values.size
            if end > self._values.size:
                return False
            self.size = end
        self._values[start:end] = values
        return True


class _Keeper:
    """Keeps what one thread selects, counting repetitions when there is no room for all."""

    def __init__(self, runs: Runs, dtype: torch.dtype, room: _Room, *, nan: bool) -> None:
        self._runs, self._dtype, self._nan = runs, dtype, nan
        self.room = room
        self._scratch = Scratch()
        self.counted: Gathered | None = None
        self.full = False

    def add(self, values: torch.Tensor) -> None:
        """Keep what is selected of one chunk."""
        values = values.to(self._dtype)
        for chosen in self._runs.select(without_nan(values) if self._nan else values, self._scratch):
            if self.full or not chosen.numel():
                continue
            if not chosen.is_cpu:  # what crosses to the host is one cell per different value and its count
                different, counts = torch.unique(chosen, return_counts=True)
                self._count(Gathered(different.cpu().numpy(), counts.cpu().numpy()))
            elif not self.room.put(chosen.numpy()):
                self._count(Gathered(np.sort(np.concatenate([self.room.held, chosen.numpy()]))))
                self.room.size = 0

    def _count(self, lot: Gathered) -> None:
        lots = [lot] if self.counted is None else [self.counted, lot]
        self.counted = joined([lot.merged() if lot.counts is None else lot for lot in lots], self._dtype)
        self.full = self.counted.values.size * self._dtype.itemsize > MOST_BYTES // 4
