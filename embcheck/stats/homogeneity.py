"""Whether the rows of a matrix have one variance: Bartlett's test, corrected for kurtosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from scipy import special

if TYPE_CHECKING:
    from torch import Tensor


def homogeneous_p(variances: Tensor, size: int, kurtosis: float) -> float:
    """Two-sided p-value of groups that all have the variance of their common law.

    Bartlett's statistic (M. S. Bartlett, Proc. R. Soc. A 160 (1937), 268-282) over 1 + (kurtosis - 3)/2 is chi-squared
    with groups - 1 degrees of freedom (G. E. P. Box, Biometrika 40 (1953), 318-335, section 7); for normals the
    correction is none and the approximation good from five elements a group. Rows that agree too well (each normalised
    to one length) are as significant as rows that differ.

    Args:
        variances: shape (groups,), unbiased, each over `size` elements.
        size: elements in a group, at least 2.
        kurtosis: of the law (3 for a normal).

    Returns:
        1 where there is nothing to compare; 0 where only some groups vary.
    """
    groups, free = variances.numel(), size - 1
    if groups < 2 or free < 1:
        return 1.0
    v = variances.double()
    if bool((v <= 0).any()):
        return 0.0 if bool((v > 0).any()) else 1.0
    statistic = free * float(groups * torch.log(v.mean()) - torch.log(v).sum())
    statistic /= (1 + (groups + 1) / (3 * groups * free)) * (1 + (kurtosis - 3) / 2)
    large = float(special.chdtrc(groups - 1, statistic))
    small = float(special.chdtr(groups - 1, statistic))
    return min(1.0, 2 * min(large, small))
