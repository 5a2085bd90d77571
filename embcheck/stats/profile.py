"""Power of every row and column of a matrix, in one pass over parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.stats import walk
from embcheck.stats.scratch import Scratch

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ELEMENTS = 1 << 18


@dataclass(frozen=True)
class Profile:
    """Sums of squares along the first two dimensions; trailing ones (a kernel) are summed over."""

    rows: NDArray[np.float64]
    """Sum of squares of each row, shape (d0,)."""
    columns: NDArray[np.float64]
    """Sum of squares of each column, shape (d1,)."""
    row_size: int

    @property
    def zero_rows(self) -> NDArray[np.int64]:
        """Indices of the rows that are exactly zero."""
        return np.flatnonzero(self.rows == 0)

    @property
    def zero_columns(self) -> NDArray[np.int64]:
        """Indices of the columns that are exactly zero."""
        return np.flatnonzero(self.columns == 0)


def profile(tensor: torch.Tensor) -> Profile:
    """One pass over a tensor of shape (d0, d1, ...), at least two dimensions and one element.

    Squares that underflow would make a tiny row look zero: a row is zero only if each of its elements is, and the
    power of any other is at least the smallest positive number.
    """
    tensor, scratch = tensor.detach(), Scratch()
    # filled in place: small results that stay, between large ones that go, would leave the heap in pieces
    rows = torch.empty(tensor.shape[0], dtype=torch.float64, device="cpu")
    columns = torch.zeros(tensor.shape[1], dtype=torch.float64, device=tensor.device)
    start = 0
    for piece in walk.rows(tensor, _ELEMENTS):
        wide = piece if piece.dtype in {torch.float32, torch.float64} else piece.float()
        cube = wide.reshape(wide.shape[0], wide.shape[1], -1)
        room = scratch.take("squares", cube.numel(), cube.dtype, cube.device)
        squares = torch.mul(cube, cube, out=room.view(cube.shape))
        lines = squares.sum(2) if cube.shape[2] > 1 else squares[:, :, 0]
        power = lines.sum(1).double()
        rows[start : start + power.numel()] = _never_zero(power, cube.flatten(1), 1)
        start += power.numel()
        across = lines.sum(0).double()
        columns += _never_zero(across, cube.movedim(1, 0).flatten(1), 1) if bool((across == 0).any()) else across
    return Profile(rows.numpy(), columns.cpu().numpy(), tensor.numel() // tensor.shape[0])


def _never_zero(power: torch.Tensor, values: torch.Tensor, dim: int) -> torch.Tensor:
    """Where the sum of squares underflowed although an element is not zero: the smallest positive number."""
    lost = power == 0
    if not bool(lost.any()):
        return power
    alive = (values[lost] != 0).any(dim=dim)
    power = power.clone()
    power[lost] = alive.to(power.dtype) * torch.finfo(torch.float64).tiny
    return power
