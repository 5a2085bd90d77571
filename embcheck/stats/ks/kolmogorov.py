"""The chance of a Kolmogorov-Smirnov distance, exact for small samples and to a stated error for large ones.

P(D_n >= d) for n independent draws of a continuous law, following the regions of R. Simard and P. L'Ecuyer, "Computing
the two-sided Kolmogorov-Smirnov distribution", Journal of Statistical Software 39 (2011), no. 11, with z = sqrt(n) d:

* d <= 1/(2n): 1, since D is never smaller; d <= 1/n and d >= 1/2: closed forms (Ruben and Gambino 1982; Smirnov 1944).
* z >= 2: twice the one-sided chance, exact but for both sides being that far, which is less than 4e-11 of it.
* n <= 1000: the matrix power of G. Marsaglia, W. W. Tsang and J. Wang, "Evaluating Kolmogorov's distribution", Journal
  of Statistical Software 8 (2003), no. 18; absolute error below 1e-12.
* else: the expansion of W. Pelz and I. J. Good, "Approximating the lower tail-areas of the Kolmogorov-Smirnov
  one-sample statistic", Journal of the Royal Statistical Society B 38 (1976), 152-156, to order n^(-3/2); measured
  against the matrix power its absolute error is 0.065 / n^2.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

_MATRIX = 1000
_SUMMED = 4000
"""Largest n for which the one-sided chance is summed term by term."""


def p_value(d: float, n: float) -> float:
    """P(D_n >= d).

    Args:
        d: the observed distance, 0 to 1.
        n: the sample size; 0 gives 1.

    Returns:
        the chance, with an absolute error below 1e-12 for n <= 1000 and below 0.065 / n^2 beyond; where z >= 2 the
        relative error is below 4e-11 for n <= 4000 and below 2e-5 beyond (down to chances of 1e-30).
    """
    if n <= 0 or math.isnan(d):
        return 1.0
    if d >= 1:
        return 0.0
    t = n * d
    if t <= 0.5:
        return 1.0
    if t <= 1:
        return 1.0 - math.exp(special.gammaln(n + 1) + n * math.log(2 * d - 1 / n))
    if d >= 0.5 or n * d * d >= 4:
        return min(1.0, 2 * one_sided(d, n))
    cdf = _matrix_power(d, int(n)) if n <= _MATRIX else _expansion(math.sqrt(n) * d, n)
    return min(1.0, max(0.0, 1.0 - cdf))


def one_sided(d: float, n: float) -> float:
    """P(D+_n >= d): exact for n <= 4000, beyond by the expansion of Smirnov (1944) to order n^(-3/2).

    D. A. Darling, "On the theorems of Kolmogorov-Smirnov", Theory of Probability and Its Applications 5 (1960),
    356-361. The rate is kept to its third term (2 d^2 + 4/9 d^4 + 32/135 d^6): far tails keep their order of magnitude.
    """
    if n <= _SUMMED:
        return float(special.smirnov(int(n), d))
    z = math.sqrt(n) * d
    root = math.sqrt(n)
    factor = 1 - 2 * z / (3 * root) + 2 * z * z / (3 * n) + 4 * z / (9 * n * root) * (0.2 - 19 * z * z / 15)
    return math.exp(-2 * z * z - 4 * z**4 / (9 * n) - 32 * z**6 / (135 * n * n)) * max(0.0, factor)


def _matrix_power(d: float, n: int) -> float:
    """P(D_n < d) as n! / n^n times an entry of the n-th power of a matrix."""
    t = n * d
    k = math.ceil(t)
    h = k - t
    m = 2 * k - 1
    i = np.arange(1, m + 1, dtype=np.float64)
    matrix = np.where(np.subtract.outer(i, i) + 1 >= 0, 1.0, 0.0)
    matrix[:, 0] -= h**i
    matrix[-1, :] -= h ** i[::-1]
    if 2 * h > 1:
        matrix[-1, 0] += (2 * h - 1) ** m
    steps = np.subtract.outer(i, i) + 1
    matrix /= special.gamma(np.where(steps > 0, steps, 0) + 1)
    power, exponent = _power(matrix, n)
    log_factor = special.gammaln(n + 1) - n * math.log(n) + exponent * math.log(2)
    return float(power[k - 1, k - 1] * math.exp(log_factor))


def _power(matrix: np.ndarray, n: int) -> tuple[np.ndarray, int]:
    """matrix^n / 2^e and e, rescaled on the way so that nothing overflows."""
    result, exponent = np.eye(len(matrix)), 0
    square, square_exponent = matrix, 0
    while n:
        if n & 1:
            result, exponent = result @ square, exponent + square_exponent
            result, exponent = _rescaled(result, exponent)
        n >>= 1
        if n:
            square, square_exponent = _rescaled(square @ square, 2 * square_exponent)
    return result, exponent


def _rescaled(matrix: np.ndarray, exponent: int) -> tuple[np.ndarray, int]:
    shift = math.frexp(float(matrix.max()))[1]
    return matrix * 2.0**-shift, exponent + shift


def _expansion(z: float, n: float) -> float:
    """P(sqrt(n) D_n < z) to order n^(-3/2), equations 12 to 15 of Simard and L'Ecuyer."""
    z2, z4, z6 = z**2, z**4, z**6
    k = np.arange(0, 40)
    a = (np.pi * (k + 0.5)) ** 2
    e = 2 * np.exp(-a / (2 * z2))
    b = (np.pi * (k + 1.0)) ** 2
    f = 2 * np.exp(-b / (2 * z2))
    c = math.sqrt(math.pi / 2)
    k0 = c / z * e.sum()
    k1 = c / (6 * z4) * ((a - z2) * e).sum()
    k2 = c / (72 * z**7) * ((6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a**2) * e).sum()
    k2 -= c / (36 * z**3) * (b * f).sum()
    k3 = (5 - 30 * z2) * a**3 + (212 * z4 - 60 * z2) * a**2 + (135 * z4 - 96 * z6) * a - (30 * z6 + 90 * z**8)
    k3 = c / (6480 * z**10) * (k3 * e).sum() + c / (216 * z6) * ((3 * z2 * b - b**2) * f).sum()
    return float(k0 + k1 / math.sqrt(n) + k2 / n + k3 / n**1.5)
