"""Whether the entries of a tensor are independent, whatever their law: training leaves traces that drawing does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from embcheck.stats import walk
from embcheck.stats.correlation import among_columns, lag_correlation, shared_by_group
from embcheck.stats.homogeneity import homogeneous_p
from embcheck.stats.repetition import coincidence, repeated_slices
from embcheck.stats.saddlepoint import summands
from embcheck.stats.spectrum import SMALLEST, largest_singular_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from embcheck.laws.law import Law

_FEW, _MANY = 96, 2048
_LONG = 64
_BLOCK = 1 << 17


@dataclass(frozen=True)
class Independence:
    """The most telling of the tests."""

    p_value: float
    """Smallest of the tests' p-values times their number."""
    worst: str
    """What it found, in words."""


def independence(tensor: torch.Tensor, law: Law, mean: float, std: float) -> Independence:
    """Test a tensor as a matrix, trailing dimensions flattened into columns.

    Of 96 rows, evenly spaced, mean and variance (`stats.correlation.shared_by_group`, `stats.homogeneity`) and the
    largest singular value against the Tracy-Widom law (`stats.spectrum`: low rank, spikes); of 96 columns mean and
    variance; of the first 131,072 elements the correlation of neighbours along both dimensions; of all rows and columns
    whether two are equal. At most 2048 elements of a row or column are read. A vector, or a matrix of fewer than 16
    rows or columns, has only its neighbours; but where the other side is 64 or longer, the correlations among its few
    columns (or rows) are tested, on at most 2048 elements of each.

    Args:
        tensor: finite, floating point.
        law: that is being considered, iid.
        mean: of all elements.
        std: of all elements, positive.
    """
    matrix = _matrix(tensor.detach())
    tests = [*_neighbours(matrix, mean, std)]
    if min(matrix.shape) >= SMALLEST:
        tests += _spread(matrix, law, mean, std)
        tests += _copies(matrix, law)
    elif min(matrix.shape) >= 2 and max(matrix.shape) >= _LONG:
        tests += _narrow(matrix)
    p_value, worst = min(tests, default=(1.0, ""))
    return Independence(min(1.0, len(tests) * p_value), worst)


def _matrix(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.dim() < 2:
        return tensor.reshape(1, -1)
    wide = tensor if tensor.dim() == 2 else tensor.flatten(1)
    return wide if wide.shape[0] >= SMALLEST or tensor.dim() == 2 else tensor.flatten(0, -2)


def _spread(matrix: torch.Tensor, law: Law, mean: float, std: float) -> Iterator[tuple[float, str]]:
    rows, columns = matrix.shape
    y, mass = summands(law, 1)
    moments = (float((mass * y**4).sum()), float((mass * y**6).sum()))
    first = max(0, columns // 2 - _FEW // 2)
    lines = walk.thinned(matrix, -(-rows // _FEW), slice(None, None, -(-columns // _MANY)))
    # neighbouring columns: those far apart would bring the whole matrix into the cache
    stripe = walk.thinned(matrix, -(-rows // _MANY), slice(first, first + _FEW))
    for part, dim, name in ((lines, 1, "rows"), (stripe, 0, "columns")):
        centred = (part.float() if part.dtype.itemsize < 4 else part) - mean
        size = centred.shape[dim]
        means = centred.mean(dim)
        shared = shared_by_group(means, size, std, name)
        yield shared.p_value, f"its {name}, which share a mean (correlation {shared.correlation:.2g})"
        variances = ((centred * centred).mean(dim) - means * means) * (size / (size - 1))
        spread = homogeneous_p(variances, size, *moments)
        yield spread, f"its {name}, whose variances differ more, or less, than chance allows"
        if dim == 1:
            edge = largest_singular_value(centred, 0.0)
            if edge is not None:
                yield (
                    edge.p_value,
                    (f"its largest singular value, {edge.largest:.4g} std where {edge.expected:.4g} is due"),
                )


def _narrow(matrix: torch.Tensor) -> Iterator[tuple[float, str]]:
    tall, name = (matrix, "columns") if matrix.shape[0] > matrix.shape[1] else (matrix.T, "rows")
    among = among_columns(tall[:: -(-tall.shape[0] // _MANY)])
    yield among.p_value, f"its {name}, which are correlated ({among.correlation:.2g})"


def _copies(matrix: torch.Tensor, law: Law) -> Iterator[tuple[float, str]]:
    c = coincidence(law, str(matrix.dtype).removeprefix("torch."))
    for dim, name in ((0, "rows"), (1, "columns")):
        found = repeated_slices(matrix, dim, c)
        yield found.p_value, f"{found.count} of its {name}, which equal others ({found.second} is {found.first})"


def _neighbours(matrix: torch.Tensor, mean: float, std: float) -> Iterator[tuple[float, str]]:
    columns = matrix.shape[1]
    few = matrix[: max(1, _BLOCK // max(columns, 1))]
    flat = few.reshape(-1)[:_BLOCK]
    for lag, name in ((1, "rows"), (columns, "columns")):
        if 0 < lag < flat.numel() - 8:
            along = lag_correlation(flat, lag, mean, std)
            yield along.p_value, f"neighbours along its {name}, which are correlated ({along.correlation:.2g})"
