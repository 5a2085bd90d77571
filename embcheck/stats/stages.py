"""Which values are still looked at, and into which cells they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_INTERVALS = 4
"""Candidates are looked at again as at most this many intervals; what lies between close ones goes with them."""
_PER_INTERVAL = 1 << 16
"""Cells of each interval of a second or later counting pass."""
_TINY = 1e-300


class Stage(Protocol):
    """A monotone map of some of the values to cells 0 to `size` - 1."""

    size: int

    def select(self, values: torch.Tensor) -> torch.Tensor:
        """Those that the map is for."""
        ...

    def index(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """The cells of selected values."""
        ...

    def low(self, i: Integers) -> Floats:
        """No value of cell i is smaller."""
        ...

    def high(self, i: Integers) -> Floats:
        """No value of cell i is larger."""
        ...

    def interval(self, i: Integers) -> Integers:
        """Cells of one interval have no unselected values between them."""
        ...

    @property
    def shift(self) -> Integers:
        """What to add to a rank among the selected values for the rank among all; shape (sources, intervals)."""
        ...


@dataclass(frozen=True, eq=False)
class Narrowed:
    """Intervals of another stage's cells, each divided again into equal cells."""

    parent: Stage
    starts: Integers
    """First cell of each interval in the parent's numbering, ascending."""
    ends: Integers
    """Last cell of each interval."""
    held: Integers
    """Values of each source in each interval; shape (sources, intervals)."""
    shift: Integers
    width: Floats
    """Of a cell, per interval."""
    edges: Floats
    """The intervals' lower ends and upper ends; shape (2, intervals)."""

    @property
    def size(self) -> int:
        """Cells in all."""
        return self.starts.size * _PER_INTERVAL

    @property
    def total(self) -> int:
        """Values that are selected, of all sources."""
        return int(self.held.sum())

    def select(self, values: torch.Tensor) -> torch.Tensor:
        """The values in any of the intervals."""
        values = self.parent.select(values)
        cells = self.parent.index(values)
        mask: torch.Tensor | None = None
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            if values.is_cpu:  # numpy compares several times faster than torch
                raw = cells.numpy()
                inside = torch.from_numpy((raw >= start) & (raw <= end))
            else:
                inside = (cells >= start) & (cells <= end)
            mask = inside if mask is None else mask.logical_or_(inside)
        if mask is None:
            return values[:0]
        if values.is_cpu:
            return torch.from_numpy(values.numpy()[np.flatnonzero(mask.numpy())])
        return values[mask]

    def index(self, values: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:  # noqa: ARG002
        """Cells of values that `select` has chosen; shape (n,), int64."""
        where = {"device": values.device}
        starts = torch.tensor(self.starts, dtype=torch.int64, **where)
        which = torch.bucketize(self.parent.index(values).long(), starts, right=True).sub_(1)
        lows = torch.tensor(_finite(self.edges[0]) / 2, dtype=torch.float64, **where)
        scales = torch.tensor(2 / self.width, dtype=torch.float64, **where)
        # halves, so that the difference of two huge values is finite
        inner = values.double().mul_(0.5).sub_(lows[which]).mul_(scales[which]).clamp_(0, _PER_INTERVAL - 1)
        return inner.long().add_(which, alpha=_PER_INTERVAL)

    def interval(self, i: Integers) -> Integers:
        """Which interval cell i belongs to."""
        return i // _PER_INTERVAL

    def low(self, i: Integers) -> Floats:
        """No value of cell i is smaller."""
        k, j = self.interval(i), i % _PER_INTERVAL
        edge = self._edge(k, j - 1e-6, -1)
        return np.where(j == 0, self.edges[0][k], np.maximum(edge, self.edges[0][k]))

    def high(self, i: Integers) -> Floats:
        """No value of cell i is larger."""
        k, j = self.interval(i), i % _PER_INTERVAL
        edge = self._edge(k, j + 1 + 1e-6, 1)
        return np.where(j == _PER_INTERVAL - 1, self.edges[1][k], np.minimum(edge, self.edges[1][k]))

    def _edge(self, k: Integers, cells: Floats, outwards: int) -> Floats:
        start = _finite(self.edges[0])[k]
        with np.errstate(over="ignore"):
            edge = start + cells * self.width[k]
        return edge + outwards * 4 * np.spacing(np.minimum(np.maximum(np.abs(start), np.abs(edge)), 1e308))


def narrowed(parent: Stage, candidates: Integers, counts: Integers) -> Narrowed:
    """The stage that looks only at some cells of another.

    Args:
        parent: the stage that was counted.
        candidates: ascending cells, at least one.
        counts: of the parent's cells; shape (sources, cells).
    """
    inside = np.cumsum(counts, axis=1)
    before = inside - counts
    together = inside.sum(axis=0)
    gaps = (together - counts.sum(axis=0))[candidates[1:]] - together[candidates[:-1]]
    apart = np.diff(parent.interval(candidates)) > 0
    # ranks differ by what was left out between two intervals of the parent: never merge across
    weight = np.where(apart, np.inf, gaps.astype(np.float64))
    cuts = np.sort(np.argsort(-weight, kind="stable")[: _INTERVALS - 1])
    cuts = cuts[weight[cuts] > 0]
    starts = candidates[np.concatenate([[0], cuts + 1]).astype(np.int64)]
    ends = candidates[np.concatenate([cuts, [candidates.size - 1]]).astype(np.int64)]
    held = inside[:, ends] - before[:, starts]
    base = before[:, starts] + parent.shift[:, parent.interval(starts)]
    edges = np.stack([parent.low(starts), parent.high(ends)])
    width = (_finite(edges[1]) / 2 - _finite(edges[0]) / 2) / _PER_INTERVAL * 2
    shift = base - (np.cumsum(held, axis=1) - held)
    return Narrowed(parent, starts, ends, held, shift, np.maximum(width, _TINY), edges)


def _finite(edges: Floats) -> Floats:
    largest = np.finfo(np.float64).max
    return np.clip(edges, -largest, largest)
