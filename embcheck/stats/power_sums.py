"""Sums of values and of their squares that add up exactly, in any order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNIT = 1200
"""Sums are integers in units of 2^-1200 and sums of squares in units of 2^-2400, below every float64's last bit."""
_BLOCK = 1 << 16
"""Values summed in one go."""


@dataclass(frozen=True)
class PowerSums:
    """n, the sum of x and the sum of x^2, as integers: adding two is exact and associative.

    What is rounded is rounded once, within a chunk: the sums t of x - m and q of (x - m)^2 in float64, m being 0, or
    the chunk's mean where that is not small beside the spread. Then sum x = n m + t and sum x^2 = q + 2 m t + n m^2 are
    kept exactly, so that the variance loses nothing to cancellation however far the mean is from zero (the shifted-data
    algorithm of T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance", The American
    Statistician 37 (1983), 242-247, with the recombination done in integers).
    """

    n: int = 0
    first: int = 0
    second: int = 0

    def __add__(self, other: PowerSums) -> PowerSums:
        return PowerSums(self.n + other.n, self.first + other.first, self.second + other.second)

    @property
    def mean(self) -> float:
        """sum x / n, correctly rounded; NaN for n = 0."""
        return _quotient(self.first, self.n << _UNIT) if self.n else math.nan

    @property
    def std(self) -> float:
        """sqrt(sum (x - mean)^2 / n), the population's (ddof = 0); NaN for n = 0."""
        if not self.n:
            return math.nan
        squares = self.second * self.n - self.first * self.first
        if squares <= 0:
            return 0.0
        # 64 bits more than a float64 holds before the integer square root
        shift = max(0, 256 + 2 * self.n.bit_length() - squares.bit_length()) // 2
        root = math.isqrt(squares << (2 * shift))
        return _quotient(root, self.n << (_UNIT + shift))


def _quotient(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return math.copysign(math.inf, numerator)


def sum_powers(values: torch.Tensor, largest: float, scratch: torch.Tensor | None = None) -> PowerSums:
    """The sums of one chunk of finite values.

    Args:
        values: shape (n,), finite, any real dtype.
        largest: max |values|, to scale float64 values whose squares would overflow or vanish.
        scratch: float64, at least n elements, overwritten; made if missing.

    Returns:
        the exact recombination; t and q themselves carry the rounding of pairwise float64 sums.
    """
    n = values.numel()
    if n == 0:
        return PowerSums()
    x = torch.empty(n, dtype=torch.float64, device=values.device) if scratch is None else scratch[:n]
    x.copy_(values)
    exponent = 0
    if largest and not 1e-90 < largest < 1e90:
        exponent = max(-1000, min(1000, math.frexp(largest)[1]))
        x.mul_(2.0**-exponent)
    m, t = 0.0, _sum(x)
    q = _sum(x.mul_(x))
    if t * t > n * q / 2:  # the mean is larger than the spread, and their difference would lose digits
        m = t / n
        x.copy_(values)
        if exponent:
            x.mul_(2.0**-exponent)
        t = _sum(x.sub_(m))
        q = _sum(x.mul_(x))
    return _recombined(n, m, t, q, exponent)


def _sum(x: torch.Tensor) -> float:
    """Pairwise within blocks, and of the blocks' sums the exact sum: few calls, and the accuracy of short sums."""
    whole = x.numel() - x.numel() % _BLOCK
    sums = x[:whole].view(-1, _BLOCK).sum(1).tolist() if whole else []
    return math.fsum([*sums, float(x[whole:].sum())])


def _recombined(n: int, m: float, t: float, q: float, exponent: int) -> PowerSums:
    first = n * _integer(m, _UNIT + exponent) + _integer(t, _UNIT + exponent)
    half = _UNIT + exponent
    shift_m, shift_t = _integer(m, half), _integer(t, half)
    second = _integer(q, 2 * half) + 2 * shift_m * shift_t + n * shift_m * shift_m
    return PowerSums(n, first, second)


def _integer(x: float, unit: int) -> int:
    """x in units of 2^-unit; what lies below one unit, far below float64 accuracy, is dropped."""
    numerator, denominator = x.as_integer_ratio()
    shift = unit - (denominator.bit_length() - 1)
    return numerator << shift if shift >= 0 else numerator >> -shift


def total(sums: Iterable[PowerSums]) -> PowerSums:
    """All of them added."""
    result = PowerSums()
    for item in sums:
        result = result + item
    return result
