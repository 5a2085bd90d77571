"""Laws that promise more, or less, than independent draws: orthogonal, sparse, a padding row, anything, nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.laws.law import Law
from embcheck.laws.spelling import spell

if TYPE_CHECKING:
    from embcheck.laws.law import Floats


class _Structured(Law):
    iid = False
    exact = False


@dataclass(frozen=True)
class Orthogonal(_Structured):
    """`orthogonal_`: gain times a (semi-)orthogonal rows x cols matrix, trailing dimensions flattened into cols.

    Q is uniform (Haar), so the square of one element over gain^2 is Beta(1/2, (m - 1)/2) with m = max(rows, cols)
    (Muirhead, Aspects of Multivariate Statistical Theory, 1982, theorem 1.5.7): mean and tails are known exactly,
    although elements depend on each other.
    """

    gain: float = 1.0
    rows: int = 0
    cols: int = 0

    def __str__(self) -> str:
        return "orthogonal()" if self.gain == 1 else f"orthogonal(gain={spell(self.gain)})"

    def describe(self) -> str:
        """With the shape that it was made for."""
        return f"{self} = {self.gain:.4g}·Q of {self.rows}×{self.cols}"

    @property
    def _largest(self) -> int:
        return max(self.rows, self.cols)

    def cdf(self, x: Floats) -> Floats:
        """Marginal distribution of one element."""
        return self._marginal(np.asarray(x, dtype=np.float64), at_atom=1.0)

    def cdf_left(self, x: Floats) -> Floats:
        """Differs from `cdf` only for a 1 x 1 matrix, which is ± gain."""
        return self._marginal(np.asarray(x, dtype=np.float64), at_atom=0.0)

    def sf(self, x: Floats) -> Floats:
        """By symmetry."""
        return self._marginal(-np.asarray(x, dtype=np.float64), at_atom=0.0)

    def _marginal(self, x: Floats, at_atom: float) -> Floats:
        scale = abs(self.gain)
        if self._largest <= 1 or scale == 0:
            left, right = np.where(x == -scale, at_atom, x > -scale), np.where(x == scale, at_atom, x > scale)
            return np.asarray((left + right) / 2, dtype=np.float64)
        square = np.minimum((x / scale) ** 2, 1.0)
        tail = special.betaincc(0.5, (self._largest - 1) / 2, square) / 2
        return np.asarray(np.where(x < 0, tail, 1 - tail))

    @property
    def support(self) -> tuple[float, float]:
        """No element of an orthonormal matrix exceeds 1."""
        return (-abs(self.gain), abs(self.gain))

    @property
    def mean(self) -> float:
        """0 by symmetry."""
        return 0.0

    @property
    def std(self) -> float:
        """gain / sqrt(max(rows, cols)): the squares of an orthonormal matrix sum to its rank."""
        return abs(self.gain) / math.sqrt(max(self._largest, 1))

    @property
    def kurtosis(self) -> float:
        """3m/(m + 2), from the Beta moments."""
        return 3 * self._largest / (self._largest + 2)


@dataclass(frozen=True)
class Sparse(_Structured):
    """`sparse_`: in each column ceil(sparsity * rows) zeros at random places, the rest N(0, value_std^2)."""

    sparsity: float = 0.1
    value_std: float = 0.01
    rows: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.sparsity <= 1 and self.value_std > 0):
            raise ValueError(f"{self}: sparsity must be in [0, 1] and std positive.")

    def __str__(self) -> str:
        std = "" if self.value_std == 0.01 else f", std={spell(self.value_std)}"
        return f"sparse({spell(self.sparsity)}{std})"

    @property
    def zeros(self) -> int:
        """Zeros in each column."""
        return math.ceil(self.sparsity * self.rows)

    @property
    def _share(self) -> float:
        return self.zeros / self.rows if self.rows else self.sparsity

    def cdf(self, x: Floats) -> Floats:
        """An atom at zero between two halves of a normal."""
        x = np.asarray(x, dtype=np.float64)
        return np.asarray((1 - self._share) * special.ndtr(x / self.value_std) + self._share * (x >= 0))

    def cdf_left(self, x: Floats) -> Floats:
        """Without the atom at x."""
        x = np.asarray(x, dtype=np.float64)
        return np.asarray((1 - self._share) * special.ndtr(x / self.value_std) + self._share * (x > 0))

    def sf(self, x: Floats) -> Floats:
        """By symmetry."""
        return self.cdf_left(-np.asarray(x, dtype=np.float64))

    @property
    def mean(self) -> float:
        """0 by symmetry."""
        return 0.0

    @property
    def std(self) -> float:
        """Of one element, zeros included."""
        return self.value_std * math.sqrt(1 - self._share)

    @property
    def kurtosis(self) -> float:
        """3 over the share that is not zero."""
        return 3 / (1 - self._share) if self._share < 1 else math.nan


@dataclass(frozen=True)
class Padded(_Structured):
    """`base` everywhere but in row `padding_idx` of the first dimension, which is zero."""

    base: Law
    padding_idx: int

    def __str__(self) -> str:
        return f"padded({self.base}, {self.padding_idx})"

    def describe(self) -> str:
        """The base with its numbers."""
        return f"{self.base.describe()}, row {self.padding_idx} zero"

    @property
    def support(self) -> tuple[float, float]:
        """Of the base, with zero."""
        low, high = self.base.support
        return (min(low, 0.0), max(high, 0.0))


@dataclass(frozen=True)
class Within(_Structured):
    """Every value lies in [low, high], and nothing more is promised: a time constant, a learnable temperature."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"{self}: low must not be above high.")

    def __str__(self) -> str:
        return f"within({spell(self.low)}, {spell(self.high)})"

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return (self.low, self.high)


@dataclass(frozen=True)
class Any(_Structured):
    """Nothing is promised: the tensor may hold anything that is finite."""

    def __str__(self) -> str:
        return "any()"


@dataclass(frozen=True)
class Uninitialised(_Structured):
    """Memory that nobody has filled (`torch.empty`): no law, and it must not be mistaken for one."""

    def __str__(self) -> str:
        return "uninitialised()"
