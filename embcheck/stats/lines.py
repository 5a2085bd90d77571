"""Mean and standard deviation of every row and of every column of a matrix, in one pass over parts of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from embcheck.stats import walk


@dataclass(frozen=True)
class Lines:
    """The rows of a matrix, or its columns."""

    means: torch.Tensor
    """Shape (lines,), float64, on the host."""
    stds: torch.Tensor
    """Population standard deviations; shape (lines,), float64, on the host."""
    size: int
    """Elements of each."""


def lines(matrix: torch.Tensor) -> tuple[Lines, Lines]:
    """Rows and columns of a matrix of shape (rows, columns), floating point, finite, not empty.

    Sums are taken in float32 at least within a part, and in float64 over the parts: `Tensor.mean(dtype=...)` would copy
    a whole tensor of 16 bits. They are about the first row's mean, so that a mean far from zero cancels nothing.
    """
    wide = torch.float32 if matrix.dtype.itemsize < 4 else matrix.dtype
    moments = torch.empty(2, matrix.shape[0], dtype=torch.float64)
    sums = torch.zeros(2, matrix.shape[1], dtype=torch.float64)
    shift = float(matrix[0].detach().to(wide).mean())
    start = 0
    for part in walk.rows(matrix.detach()):
        values = part.to(wide) - shift
        squares = values.square()
        # on the host: not every device has float64
        moments[:, start : start + part.shape[0]] = torch.stack([values.mean(1), squares.mean(1)]).cpu()
        sums += torch.stack([values.sum(0), squares.sum(0)]).cpu()
        start += part.shape[0]
    return _lines(moments, shift, matrix.shape[1]), _lines(sums / matrix.shape[0], shift, matrix.shape[0])


def _lines(moments: torch.Tensor, shift: float, size: int) -> Lines:
    means, squares = moments
    return Lines(means + shift, (squares - means.square()).clamp(min=0).sqrt(), size)
