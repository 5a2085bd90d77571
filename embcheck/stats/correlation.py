"""Whether elements of a matrix depend on their neighbours, their row or their column.

*Lags.* r_k, the correlation of x[i] with x[i + k] in the order of memory, is treated as an ordinary correlation
coefficient on its pairs: r sqrt((m - 2)/(1 - r^2)) is Student's t with m - 2 degrees of freedom. Under independence
r_k has variance 1/m + O(1/m^2) (M. S. Bartlett, J. R. Stat. Soc. Suppl. 8 (1946), 27-41) and, for normals, that shape
(T. W. Anderson, Ann. Math. Stat. 13 (1942), 1-13); the mean and variance are the sample's, so neither a shift nor a
scale is mistaken for correlation.

*Rows and columns.* Elements that share something with their row make row means vary too much: the F test of a one-way
analysis of variance, exact for normals and, with rows of equal length, off by O(1/n) for others (H. Scheffe, The
Analysis of Variance, 1959, section 10.2). Too little variation (rows centred one by one) is as significant as too
much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from scipy import special

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Dependence:
    """One measured correlation."""

    name: str
    """``lag 1``, ``rows``, ``columns``."""
    correlation: float
    """Of neighbours, or of two elements of one row or column (the intraclass correlation)."""
    p_value: float
    """Two-sided."""


def lag_correlation(flat: torch.Tensor, lag: int, mean: float, std: float) -> Dependence:
    """The correlation of elements `lag` places apart.

    Args:
        flat: shape (n,), finite, any floating dtype; pairs across boundaries of 4M elements are left out.
        lag: between 1 and n - 3.
        mean: of all elements.
        std: of all elements, positive.
    """
    total, pairs = 0.0, 0
    flat = flat.detach()
    size = max(_CHUNK, 8 * lag)
    for part in (flat,) if flat.numel() <= size else torch.split(flat, size):
        m = part.numel() - lag
        if m < 1:
            continue
        x = part.float() if part.dtype.itemsize < 4 else part
        one, other = x[:m], x[lag:]
        # sum (x - mean)(y - mean) without a centred copy
        cross = float(one.dot(other))
        total += cross - mean * (float(one.sum()) + float(other.sum())) + m * mean * mean
        pairs += m
    r = max(-1.0, min(1.0, total / (pairs * std * std))) if pairs else 0.0
    return Dependence(f"lag {lag}", r, correlation_p(r, pairs))


def correlation_p(r: float, pairs: int) -> float:
    """Two-sided p-value of a correlation coefficient: r^2 is Beta(1/2, (pairs - 2)/2) under independence."""
    if pairs < 3:
        return 1.0
    return float(special.betaincc(0.5, (pairs - 2) / 2, min(1.0, r * r)))


def shared_by_group(means: torch.Tensor, size: int, std: float, name: str) -> Dependence:
    """The F test of the means of groups of equal size: do elements of one group have something in common?

    Args:
        means: shape (groups,), the mean of each row (or column).
        size: elements in a group.
        std: population standard deviation of all elements, positive.
        name: of the grouping, for the answer.

    Returns:
        the intraclass correlation, from -1/(size - 1) to 1, and a two-sided p-value.
    """
    groups = means.numel()
    if groups < 2 or size < 2:
        return Dependence(name, 0.0, 1.0)
    spread = means.cpu().double()  # on the host: not every device has float64
    between = size * float((spread - spread.mean()).square().sum())
    within = max(groups * size * std * std - between, 0.0)
    free, rest = groups - 1, groups * (size - 1)
    if within == 0:
        return Dependence(name, 1.0, 0.0)
    ratio = (between / free) / (within / rest)
    x = free * ratio / (free * ratio + rest)
    large = float(special.betaincc(free / 2, rest / 2, x))
    small = float(special.betainc(free / 2, rest / 2, x))
    return Dependence(name, (ratio - 1) / (ratio - 1 + size), min(1.0, 2 * min(large, small)))


def among_columns(table: torch.Tensor) -> Dependence:
    """Whether the columns of a narrow table are correlated, as those of a low rank or of trained features are.

    (n - 1) times the sum of the squared correlations of all pairs is chi-squared with k (k - 1) / 2 degrees of freedom
    for independent columns (J. R. Schott, Biometrika 92 (2005), 951-956, whose limit for large k it becomes); measured
    for n = 64 to 1,000, k = 2 to 15, normal and uniform draws: 0.8 to 1.5 times the level from 5% down to 0.1%.

    Args:
        table: shape (n, k), n at least 64, k at least 2; floating point, finite.

    Returns:
        the largest correlation, and the p-value of all pairs together.
    """
    rows, columns = table.shape
    centred = table.double() - table.double().mean(0)
    centred = centred / centred.norm(dim=0).clamp_min(torch.finfo(torch.float64).tiny)
    pairs = (centred.T @ centred).triu(1)
    p_value = float(special.chdtrc(columns * (columns - 1) / 2, (rows - 1) * float(pairs.square().sum())))
    return Dependence("columns", float(pairs.flatten()[pairs.abs().argmax()]), p_value)


def smallest_correlation(pairs: int, alpha: float, power: float = 0.9) -> float:
    """The smallest lag correlation that would be caught: (z_{alpha/2} + z_power) / sqrt(pairs)."""
    return min(1.0, float(special.ndtri(power) - special.ndtri(alpha / 2)) / math.sqrt(max(pairs, 1)))
