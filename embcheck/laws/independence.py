"""Whether the entries of a tensor are independent, whatever their law: training leaves traces that drawing does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embcheck.stats.correlation import lag_correlation, shared_by_group
from embcheck.stats.homogeneity import homogeneous_p
from embcheck.stats.spectrum import SMALLEST, largest_singular_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

_SHORT, _LONG = 128, 1024
_BLOCK = 1 << 17


@dataclass(frozen=True)
class Independence:
    """The most telling of the tests."""

    p_value: float
    """Smallest of the tests' p-values times their number."""
    worst: str
    """What it found, in words."""


def independence(tensor: torch.Tensor, mean: float, std: float, kurtosis: float) -> Independence:
    """Test a tensor as a matrix, trailing dimensions flattened into columns.

    Up to 128 x 1024 evenly spaced rows and columns are read (about 3 ms): the largest singular value against the
    Tracy-Widom law (`stats.spectrum`; low rank, spikes, copies), means and variances of rows and of columns
    (`stats.correlation.shared_by_group`, `stats.homogeneity`); and of the first 131,072 elements the correlation of
    neighbours along both dimensions. A vector, or a matrix of fewer than 16 rows or columns, has only its neighbours.

    Args:
        tensor: finite.
        mean: of all elements.
        std: of all elements, positive.
        kurtosis: of the law that is being considered.
    """
    matrix = _matrix(tensor.detach())
    tests = [*_neighbours(matrix, mean, std)]
    if min(matrix.shape) >= SMALLEST:
        tests += _spread(matrix, mean, std, kurtosis)
    p_value, worst = min(tests, default=(1.0, ""))
    return Independence(min(1.0, len(tests) * p_value), worst)


def _matrix(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.dim() < 2:
        return tensor.reshape(1, -1)
    wide = tensor if tensor.dim() == 2 else tensor.flatten(1)
    return wide if wide.shape[0] >= SMALLEST or tensor.dim() == 2 else tensor.flatten(0, -2)


def _spread(matrix: torch.Tensor, mean: float, std: float, kurtosis: float) -> Iterator[tuple[float, str]]:
    rows, columns = matrix.shape
    most = (_SHORT, _LONG) if rows <= columns else (_LONG, _SHORT)
    part = matrix[:: math.ceil(rows / most[0]), :: math.ceil(columns / most[1])]
    part = part.float() if part.dtype.itemsize < 4 else part.contiguous()
    part = part - mean
    squares = part * part
    found = largest_singular_value(part, 0.0)
    if found is not None:
        yield found.p_value, f"its largest singular value, {found.largest:.4g} std where {found.expected:.4g} is due"
    for dim, name in ((1, "rows"), (0, "columns")):
        size = part.shape[dim]
        means = part.mean(dim)
        shared = shared_by_group(means, size, std, name)
        yield shared.p_value, f"its {name}, which share a mean (correlation {shared.correlation:.2g})"
        variances = (squares.mean(dim) - means * means) * (size / (size - 1))
        spread = homogeneous_p(variances, size, kurtosis)
        yield spread, f"its {name}, whose variances differ more, or less, than chance allows"


def _neighbours(matrix: torch.Tensor, mean: float, std: float) -> Iterator[tuple[float, str]]:
    columns = matrix.shape[1]
    few = matrix[: max(1, _BLOCK // max(columns, 1))]
    flat = few.reshape(-1)[:_BLOCK]
    for lag, name in ((1, "rows"), (columns, "columns")):
        if 0 < lag < flat.numel() - 8:
            along = lag_correlation(flat, lag, mean, std)
            yield along.p_value, f"neighbours along its {name}, which are correlated ({along.correlation:.2g})"
