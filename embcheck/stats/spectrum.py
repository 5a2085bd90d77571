"""The largest singular value of a matrix of independent entries, beside what random-matrix theory allows it.

For an n x p matrix of independent entries of variance s^2 the squared largest singular value over s^2 is, centred and
scaled, Tracy-Widom of order 1. Centre and scale are Ma's, whose error is O(min(n, p)^(-2/3)) where Johnstone's (Ann.
Stat. 29 (2001), theorem 1.1) is O(min(n, p)^(-1/3)):

    centre = (sqrt(n - 1/2) + sqrt(p - 1/2))^2
    scale = (sqrt(n - 1/2) + sqrt(p - 1/2)) (1/sqrt(n - 1/2) + 1/sqrt(p - 1/2))^(1/3)

(Z. Ma, Bernoulli 18 (2012), 322-359, eq. 5). The limit is the same for any law with light tails and zero skewness (S.
Peche, Prob. Th. Rel. Fields 143 (2009), 481-516). It lies at the soft edge of the Marchenko-Pastur law.
Too large a value is a component that many entries share, too small a one a matrix that is nearly orthogonal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from embcheck.stats.tracy_widom import tracy_widom_cdf, tracy_widom_sf

_SHORT, _LONG = 128, 4096
"""The largest part that is paid for (a millisecond); a larger matrix is read at evenly spaced rows and columns. A
rank-one disturbance that fills the matrix then stands out less, by the square root of the share that is read."""
_SHIFT = 0.3
"""Empirical: what each unit of excess kurtosis moves the value by, in scales, for 32 x 32 to 128 x 1024 (0.28 +- 0.03
for uniform and sign entries). Taken off where that makes an observation less surprising, not where it makes it more.
"""
SMALLEST = 16
"""Fewer rows or columns than this: the limit says little."""


@dataclass(frozen=True)
class Edge:
    """The largest singular value, and where it should be."""

    largest: float
    """Over the standard deviation of the entries."""
    expected: float
    """sqrt(centre) of the limit: about sqrt(rows) + sqrt(columns)."""
    p_value: float
    """Two-sided."""
    rows: int
    columns: int
    """Of the part that was read."""


def largest_singular_value(matrix: torch.Tensor, mean: float, kurtosis: float = 3.0) -> Edge | None:
    """Compare the largest singular value with the random-matrix edge.

    Entries are centred by `mean` and divided by their own standard deviation, so that neither a shift nor a scale looks
    like a correlation.

    Args:
        matrix: shape (rows, columns), finite; half precision is read as float32.
        mean: of all entries.
        kurtosis: of their law.

    Returns:
        None where the matrix has fewer than 16 rows or columns, or does not vary.
    """
    part = _affordable(matrix.detach())
    rows, columns = part.shape
    if min(rows, columns) < SMALLEST:
        return None
    part = (part.float() if part.dtype.itemsize < 4 else part) - mean
    gram = (part @ part.T if rows <= columns else part.T @ part).cpu()  # not every device has float64 or eigenvalues
    variance = float(gram.diagonal().double().sum()) / (rows * columns)
    if not 0 < variance < math.inf:
        return None
    eigenvalue = float(torch.linalg.eigvalsh(gram)[-1]) / variance
    centre, scale = edge(rows, columns)
    s, shift = (eigenvalue - centre) / scale, _SHIFT * (kurtosis - 3)
    p_value = min(1.0, 2 * min(tracy_widom_sf(s - max(shift, 0.0)), tracy_widom_cdf(s - min(shift, 0.0))))
    return Edge(math.sqrt(eigenvalue), math.sqrt(centre), p_value, rows, columns)


def edge(rows: int, columns: int) -> tuple[float, float]:
    """Centre and scale of the squared largest singular value of standardised independent entries."""
    a, b = math.sqrt(rows - 0.5), math.sqrt(columns - 0.5)
    return (a + b) ** 2, (a + b) * (1 / a + 1 / b) ** (1 / 3)


def _affordable(matrix: torch.Tensor) -> torch.Tensor:
    """The matrix, or as many evenly spaced rows and columns of it as the budget allows."""
    rows, columns = matrix.shape
    most = (_SHORT, _LONG) if rows <= columns else (_LONG, _SHORT)
    return matrix[:: math.ceil(rows / most[0]), :: math.ceil(columns / most[1])]
