"""Whether the rows of a matrix have one variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy import special

if TYPE_CHECKING:
    from torch import Tensor


def homogeneous_p(variances: Tensor, size: int, kurtosis: float = 3.0, sixth: float = 15.0) -> float:
    """Two-sided p-value of groups that all have the variance of their common law.

    A power of a sample variance is nearly normal: with c its coefficient of variation and g its skewness, the power
    1 - g/(3c) has no skewness to first order, the cube root for normals (E. B. Wilson and M. M. Hilferty, PNAS 17
    (1931), 684-688; for others D. R. Jensen and H. Solomon, JASA 67 (1972), 898-902). The spread of these powers over
    power^2 (kurtosis - (n - 3)/(n - 1))/n, the exact squared c, is chi-squared with groups - 1 degrees of freedom.
    Simulated rates at levels from 0.1 to 0.0003 are between 0.3 and 1.4 of nominal from 32 elements a group on, for
    normal, truncated normal and uniform laws, and up to 2 at 16. Rows that agree too well (each normalised to one
    length) are as significant as rows that differ.

    Args:
        variances: shape (groups,), unbiased, each over `size` elements.
        size: elements in a group, at least 4.
        kurtosis: fourth standardised moment of the law.
        sixth: sixth standardised moment of the law.

    Returns:
        1 where there is nothing to compare; 0 where only some groups vary.
    """
    groups = variances.numel()
    if groups < 2 or size < 4:
        return 1.0
    v = variances.double()
    if bool((v <= 0).any()):
        return 0.0 if bool((v > 0).any()) else 1.0
    power = 1 - (sixth - 3 * kurtosis + 2) / (3 * (kurtosis - 1) ** 2)
    scaled = (v / v.mean()) ** power
    spread = power**2 * (kurtosis - (size - 3) / (size - 1)) / size
    statistic = float((scaled - scaled.mean()).square().sum()) / spread
    large = float(special.chdtrc(groups - 1, statistic))
    small = float(special.chdtr(groups - 1, statistic))
    return min(1.0, 2 * min(large, small))
