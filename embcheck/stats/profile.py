"""Power of every row and column of a matrix, in one pass over parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_ELEMENTS = 1 << 20


@dataclass(frozen=True)
class Profile:
    """Sums of squares along the first two dimensions; trailing ones (a kernel) are summed over."""

    rows: NDArray[np.float64]
    """Sum of squares of each row, shape (d0,)."""
    columns: NDArray[np.float64]
    """Sum of squares of each column, shape (d1,)."""
    row_size: int
    column_size: int

    @property
    def zero_rows(self) -> NDArray[np.int64]:
        """Indices of the rows that are exactly zero."""
        return np.flatnonzero(self.rows == 0)

    @property
    def zero_columns(self) -> NDArray[np.int64]:
        """Indices of the columns that are exactly zero."""
        return np.flatnonzero(self.columns == 0)


def profile(parts: Iterable[torch.Tensor]) -> Profile | None:
    """Accumulate over parts of whole rows, each of shape (r, d1, ...); None without two dimensions.

    Squares that underflow would make a tiny row look zero, so magnitudes are summed in float32 or wider and a
    row is zero only if its largest magnitude is; the power of such a row is then the smallest positive number.
    """
    rows: list[torch.Tensor] = []
    columns: torch.Tensor | None = None
    shape: tuple[int, ...] = ()
    for part in parts:
        if part.dim() < 2:
            return None
        shape = tuple(part.shape[1:])
        inner = max(1, part[0].numel() if part.shape[0] else 1)
        for piece in torch.split(part.detach(), max(1, _ELEMENTS // inner)):
            wide = piece if piece.dtype in {torch.float32, torch.float64} else piece.float()
            cube = wide.reshape(wide.shape[0], wide.shape[1], -1)
            power = torch.linalg.vector_norm(cube.flatten(1), dim=1).double().square()
            rows.append(_never_zero(power, cube.flatten(1), 1).cpu())
            across = torch.linalg.vector_norm(cube, dim=(0, 2)).double().square()
            across = _never_zero(across, cube.movedim(1, 0).flatten(1), 1) if bool((across == 0).any()) else across
            columns = across if columns is None else columns + across
    if columns is None:
        return None
    count = sum(r.numel() for r in rows)
    rest = int(np.prod(shape[1:], dtype=np.int64)) if len(shape) > 1 else 1
    return Profile(torch.cat(rows).numpy(), columns.cpu().numpy(), shape[0] * rest, count * rest)


def _never_zero(power: torch.Tensor, values: torch.Tensor, dim: int) -> torch.Tensor:
    """Where the sum of squares underflowed although an element is not zero: the smallest positive number."""
    lost = power == 0
    if not bool(lost.any()):
        return power
    alive = (values[lost] != 0).any(dim=dim)
    power = power.clone()
    power[lost] = alive.to(power.dtype) * torch.finfo(torch.float64).tiny
    return power
