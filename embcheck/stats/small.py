"""Tensors so small that sorting them is the fastest way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from embcheck.stats.chunks import chunks, ready, real
from embcheck.stats.distinct import Sketch, sketch_of
from embcheck.stats.passes import grid_for
from embcheck.stats.power_sums import PowerSums, sum_powers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embcheck.stats.chunks import Source
    from embcheck.stats.grid import Grid

SORTED = 1 << 17
"""Up to this many values in host memory are simply sorted."""


class Counted(NamedTuple):
    """What a summary holds of finite values, each field as `Summary` describes it."""

    zero: int
    subnormal: int
    min: float
    max: float
    cells: NDArray[np.int32]
    counts: NDArray[np.int64]
    powers: PowerSums
    sketch: Sketch


def sorted_values(source: Source, dtype: torch.dtype) -> NDArray[np.floating] | None:
    """All values ascending, NaN left out; None if they are not one small tensor in host memory.

    Args:
        source: what to look at.
        dtype: float32 or float64.
    """
    if not isinstance(source, torch.Tensor) or not source.is_cpu or source.numel() > SORTED:
        return None
    with torch.no_grad():
        found = [ready(c, grid_for(t)).to(dtype).numpy() for t in real(source) for c in chunks(t, SORTED)]
    if not found:
        return np.empty(0)
    values: NDArray[np.floating] = np.sort(found[0] if len(found) == 1 else np.concatenate(found))
    # NaN are sorted to the end
    return values[: np.searchsorted(values, np.nan)] if values.size and np.isnan(values[-1]) else values


def counted(tensor: torch.Tensor, grid: Grid) -> Counted | None:
    """What a pass would count, from the sorted values: no array of all the grid's cells is made.

    Args:
        tensor: as `real` gives it.
        grid: of its dtype.

    Returns:
        None where sorting is not the way: many values or none, some that are not finite, a 16-bit or smaller type,
        another device.
    """
    if grid.exact or tensor.numel() == 0:
        return None
    values = sorted_values(tensor, grid.dtype)
    # infinities are sorted to the ends, and NaN were left out
    if values is None or values.size < tensor.numel() or not np.isfinite(values[[0, -1]]).all():
        return None
    kind = values.dtype.type
    first, last = (int(np.searchsorted(values, kind(0), side)) for side in ("left", "right"))
    if first < last:  # sorting mixes -0 and 0, and numpy's vectorised sort may turn one into the other
        seen = (ready(c, grid) for c in chunks(tensor.detach(), SORTED))
        split = first + sum(int((c.signbit() & (c == 0)).sum()) for c in seen)
        values[first:split], values[split:last] = -0.0, 0.0
    low = int(np.searchsorted(values, kind(-grid.smallest_normal), "right"))
    high = int(np.searchsorted(values, kind(grid.smallest_normal), "left"))
    cells = grid.cells(values)
    start = _starts(cells)
    different = values[_starts(values)]
    smallest, largest = float(values[0]), float(values[-1])
    return Counted(
        zero=last - first,
        subnormal=(high - low) - (last - first),
        min=smallest,
        max=largest,
        cells=cells[start],
        counts=np.diff(np.append(start, values.size)),
        powers=sum_powers(torch.from_numpy(values), max(-smallest, largest)),
        sketch=sketch_of(torch.from_numpy(different[different != 0])),
    )


def _starts(values: NDArray[np.generic]) -> NDArray[np.intp]:
    """Where each run of equal values begins."""
    changes = np.empty(values.size, dtype=bool)
    changes[0] = True
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return np.flatnonzero(changes)
