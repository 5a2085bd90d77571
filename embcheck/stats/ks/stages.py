"""Which values are still looked at, and into which cells they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embcheck.stats.ks.bins import Bins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch
    from numpy.typing import NDArray

    from embcheck.stats.scratch import Scratch

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_INTERVALS = 3
"""Candidates are looked at again as at most this many intervals; what lies between close ones goes with them."""
_WORTH_A_CUT = 1 / 32
"""Of all values: passing over a gap with less than this costs more than looking at what is in it."""
_FINER = 1 << 14
"""Cells of each interval of a second or later counting pass."""


@dataclass(frozen=True, eq=False)
class Branch:
    """An interval of values, divided into bins."""

    path: tuple[tuple[Bins, int, int], ...]
    """What leads to it: the value is in these bins (first, last, inclusive) of each of these divisions."""
    bins: Bins


@dataclass(frozen=True, eq=False)
class Stage:
    """Intervals of ascending values with equally many bins each; cell k * per + j is bin j of interval k."""

    branches: tuple[Branch, ...]
    held: Integers
    """Values of each source in each interval; shape (sources, intervals)."""
    shift: Integers
    """What to add to a rank among the values in the intervals for the rank among all; shape (sources, intervals)."""

    @classmethod
    def whole(cls, bins: Bins, sizes: list[int]) -> Stage:
        """All values in one division."""
        return cls((Branch((), bins),), np.array([sizes]).T, np.zeros((len(sizes), 1), dtype=np.int64))

    @property
    def per(self) -> int:
        """Bins of an interval."""
        return self.branches[0].bins.size

    @property
    def size(self) -> int:
        """Cells in all."""
        return self.per * len(self.branches)

    @property
    def total(self) -> int:
        """Values in the intervals, of all sources."""
        return int(self.held.sum())

    def select(self, values: torch.Tensor, scratch: Scratch) -> Iterator[tuple[Branch, torch.Tensor]]:
        """The values in each interval; values of shape (n,) and the bins' dtype, no NaN."""
        if not self.branches[0].path:
            yield self.branches[0], values
            return
        # all paths start with the same division: one look at everything, the others at the few that are left
        root = self.branches[0].path[0][0]
        values = root.pick(values, sorted({branch.path[0][1:] for branch in self.branches}), scratch)
        for branch in self.branches:
            chosen = values
            for bins, first, last in branch.path if len(self.branches) > 1 else branch.path[1:]:
                chosen = bins.pick(chosen, [(first, last)], scratch)
            yield branch, chosen

    def interval(self, i: Integers) -> Integers:
        """The interval that cell i belongs to."""
        return i // self.per

    def low(self, i: Integers) -> Floats:
        """No value of cell i is smaller."""
        return self._edges(i, lambda bins, j: bins.low(j))

    def high(self, i: Integers) -> Floats:
        """No value of cell i is larger."""
        return self._edges(i, lambda bins, j: bins.high(j))

    def _edges(self, i: Integers, edge: Callable[[Bins, Integers], Floats]) -> Floats:
        if len(self.branches) == 1:
            return edge(self.branches[0].bins, i)
        k, j = np.divmod(i, self.per)
        edges = np.empty(i.shape)
        for which, branch in enumerate(self.branches):
            here = k == which
            edges[here] = edge(branch.bins, j[here])
        return edges

    def narrowed(self, candidates: Integers, counts: Integers) -> Stage:
        """The stage that looks only at some of the cells, in intervals that are divided again.

        Args:
            candidates: ascending cells, at least one.
            counts: of all cells; shape (sources, cells).
        """
        inside = np.cumsum(counts, axis=1)
        starts, ends = bounded_intervals(self, candidates, counts, inside)
        before = inside[:, starts] - counts[:, starts]
        held = inside[:, ends] - before
        base = before + self.shift[:, self.interval(starts)]
        branches = tuple(self._child(int(start), int(end)) for start, end in zip(starts, ends, strict=True))
        return Stage(branches, held, base - (np.cumsum(held, axis=1) - held))

    def _child(self, start: int, end: int) -> Branch:
        parent = self.branches[start // self.per]
        low, high = self.low(np.array([start]))[0], self.high(np.array([end]))[0]
        path = (*parent.path, (parent.bins, start % self.per, end % self.per))
        return Branch(path, Bins.spanning(low, high, _FINER, parent.bins.dtype, low, high))


def bounded_intervals(
    stage: Stage, candidates: Integers, counts: Integers, inside: Integers
) -> tuple[Integers, Integers]:
    """First and last cells of a few intervals that cover the candidates and little else.

    Args:
        stage: whose cells they are.
        candidates: ascending, at least one.
        counts: of all cells; shape (sources, cells).
        inside: their cumulated sums.
    """
    gaps = (inside[:, candidates[1:]] - counts[:, candidates[1:]] - inside[:, candidates[:-1]]).sum(axis=0)
    apart = np.diff(stage.interval(candidates)) > 0
    # ranks differ by what was left out between two intervals of the stage: never merge across
    weight = np.where(apart, np.inf, gaps.astype(np.float64))
    cuts = np.sort(np.argsort(-weight, kind="stable")[: _INTERVALS - 1])
    cuts = cuts[weight[cuts] > inside[:, -1].sum() * _WORTH_A_CUT]
    starts = candidates[np.concatenate([[0], cuts + 1]).astype(np.int64)]
    return starts, candidates[np.concatenate([cuts, [candidates.size - 1]]).astype(np.int64)]
