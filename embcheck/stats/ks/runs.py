"""Exactly the candidate cells of a stage, to be gathered: neighbouring cells as one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats.ks.selection import where
from embcheck.stats.ks.stages import bounded_intervals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from embcheck.stats.ks.bins import Bins
    from embcheck.stats.ks.stages import Stage
    from embcheck.stats.scratch import Scratch

    Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Runs:
    """Candidate cells and the ranks of what they hold. Make them with `runs_of`."""

    stage: Stage
    flags: NDArray[np.bool_]
    """Which cells they are; shape (intervals of the stage, cells of each)."""
    held: Integers
    """Values of each source in each run; shape (sources, runs)."""
    shift: Integers
    """What to add to a rank among the values in the runs for the rank among all; shape (sources, runs)."""
    hulls: tuple[tuple[tuple[int, int], ...], ...]
    """For each interval of the stage a few ranges of bins that cover its candidates."""

    @property
    def total(self) -> int:
        """Values in the runs, of all sources."""
        return int(self.held.sum())

    def select(self, values: torch.Tensor, scratch: Scratch) -> Iterator[torch.Tensor]:
        """The values in the runs; values of shape (n,) and the bins' dtype, no NaN."""
        for k, (branch, chosen) in enumerate(self.stage.select(values, scratch)):
            # two steps: a few comparisons leave few values, of which a table then finds the candidates
            if self.hulls[k]:
                yield self._exactly(k, branch.bins, branch.bins.pick_about(chosen, self.hulls[k], scratch), scratch)

    def _exactly(self, k: int, bins: Bins, values: torch.Tensor, scratch: Scratch) -> torch.Tensor:
        cells = bins.index(values, scratch)
        if values.is_cpu:
            return torch.from_numpy(values.numpy().take(where(self.flags[k].take(cells.numpy()))))
        return values[torch.from_numpy(self.flags[k]).to(values.device)[cells.long()]]


def runs_of(stage: Stage, candidates: Integers, counts: Integers) -> Runs:
    """The candidates of a stage that was counted.

    Args:
        stage: what was counted.
        candidates: ascending cells, at least one.
        counts: of all cells; shape (sources, cells).
    """
    inside = np.cumsum(counts, axis=1)
    gap = (np.diff(candidates) > 1) | (np.diff(stage.interval(candidates)) > 0)
    starts, ends = candidates[np.append(True, gap)], candidates[np.append(gap, True)]
    before = inside[:, starts] - counts[:, starts]
    held = inside[:, ends] - before
    shift = before + stage.shift[:, stage.interval(starts)] - (np.cumsum(held, axis=1) - held)
    hulls: list[list[tuple[int, int]]] = [[] for _ in stage.branches]
    for start, end in zip(*bounded_intervals(stage, candidates, counts, inside), strict=True):
        hulls[start // stage.per].append((int(start % stage.per), int(end % stage.per)))
    flags = np.zeros((len(stage.branches), stage.per), dtype=np.bool_)
    flags.reshape(-1)[candidates] = True
    return Runs(stage, flags, held, shift, tuple(tuple(h) for h in hulls))
