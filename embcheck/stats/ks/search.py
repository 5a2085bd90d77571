"""Where two distribution functions are farthest apart, looking at few places (branch and bound)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_FANOUT = 32
_MARGIN = 1e-14
"""Distribution functions are computed to 1e-15; what is closer than this to the largest is kept."""


class Bounds(NamedTuple):
    """What is known of the largest F_n - F (plus) and F - F_n (minus) within ranges of cells; arrays of one shape."""

    plus_low: Floats
    plus_high: Floats
    minus_low: Floats
    minus_high: Floats


@dataclass(frozen=True)
class Extreme:
    """The largest distance that is certain, and the cells that may hold a larger one."""

    d: float
    cell: int
    sign: int
    candidates: Integers
    """Ascending cells whose bounds reach `d`, the cell of `d` itself among them."""
    high: float
    """Nothing is farther apart than this."""


def farthest(cells: int, bounds: Callable[[Integers, Integers], Bounds]) -> Extreme:
    """The largest distance over cells 0 to `cells` - 1.

    Ranges of cells are bounded first; only those that can still hold the maximum are split. The number of evaluations
    of a law is a few thousand where the number of cells is a million.

    Args:
        cells: how many there are, at least 1.
        bounds: for ranges of cells (first and last, inclusive, equal shapes), the bounds of both distances.

    Returns:
        the maximum if each cell's bounds coincide; else its bracket. Where plus and minus are equal the sign is -1 and
        among equals the lowest cell is taken, as in scipy.
    """
    step = 1
    while cells > 1024 * step:
        step *= _FANOUT
    starts = np.arange(0, cells, step)
    best = -np.inf
    while True:
        b = bounds(starts, np.minimum(starts + step, cells) - 1)
        best = max(best, float(b.plus_low.max()), float(b.minus_low.max()))
        keep = np.maximum(b.plus_high, b.minus_high) >= best - _MARGIN
        if step == 1:
            return _settled(starts, b, keep)
        step //= _FANOUT
        starts = (starts[keep, None] + np.arange(_FANOUT) * step).ravel()
        starts = starts[starts < cells]


def _settled(cells: Integers, b: Bounds, keep: NDArray[np.bool_]) -> Extreme:
    i, j = int(np.argmax(b.plus_low)), int(np.argmax(b.minus_low))
    plus, minus = float(b.plus_low[i]), float(b.minus_low[j])
    d, cell, sign = (plus, i, 1) if plus > minus else (minus, j, -1)
    high = float(np.maximum(b.plus_high, b.minus_high)[keep].max())
    return Extreme(d, int(cells[cell]), sign, cells[keep], high)
