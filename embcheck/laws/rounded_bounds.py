"""What the ends of a bounded law become in a 16-bit type: there are several customs, and all of them are the law.

float32 draws that are rounded later end at the bound itself, half a spacing being rounded away. torch's own `uniform_`
draws on [from, to), rounds, and returns `from` for what was rounded to `to`: the cell at the upper end loses its upper
half to the lower end, 0.2% of all draws of `rand` in bfloat16. torch's `trunc_normal_` compares rounded draws with the
bounds cast to the type, and so keeps half a spacing more at either end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch

from embcheck.laws.families import TruncatedNormal, Uniform
from embcheck.laws.law import Law

if TYPE_CHECKING:
    from embcheck.laws.law import Floats


@lru_cache(maxsize=1024)
def conventions(law: Law, dtype: str) -> tuple[Law, ...]:
    """The law itself, and what torch draws for it directly in a narrower dtype."""
    if dtype in ("float32", "float64") or not isinstance(law, Uniform | TruncatedNormal):
        return (law,)
    low, high = (_cast(end, dtype) for end in law.support)
    if not math.isfinite(high - low) or low >= high:
        return (law,)
    if isinstance(law, Uniform):
        cut = (_towards(high, dtype, -1) + high) / 2
        return (law, Wrapped(law.low, law.high, cut)) if law.low < cut < law.high else (law,)
    a, b = (low + _towards(low, dtype, -1)) / 2, (high + _towards(high, dtype, 1)) / 2
    return (law, TruncatedNormal(law.loc, law.scale, a, b))


def _cast(x: float, dtype: str) -> float:
    return torch.tensor(x, dtype=torch.float64).to(getattr(torch, dtype)).item()


def _towards(x: float, dtype: str, side: int) -> float:
    """The next number of a 16 or 8-bit float type on one side; bits in sign and magnitude count outwards from zero."""
    narrow = torch.tensor([x], dtype=torch.float64).to(getattr(torch, dtype))
    integers = torch.int16 if narrow.dtype.itemsize == 2 else torch.int8
    if x == 0:
        return side * torch.ones(1, dtype=integers).view(narrow.dtype).double().item()
    step = side if x > 0 else -side
    return (narrow.view(integers) + step).view(narrow.dtype).double().item()


@dataclass(frozen=True)
class Wrapped(Law):
    """U(low, high) with everything from `cut` on returned as `low`."""

    low: float
    high: float
    cut: float

    def __str__(self) -> str:
        return f"uniform({self.low}, {self.high})"

    @property
    def _share(self) -> float:
        return (self.high - self.cut) / (self.high - self.low)

    def cdf(self, x: Floats) -> Floats:
        """The ramp of the uniform on an atom at its lower end, 1 from the cut on."""
        x = np.asarray(x, dtype=np.float64)
        ramp = self._share + (x - self.low) / (self.high - self.low)
        return np.where(x < self.low, 0.0, np.minimum(ramp, 1.0))

    def cdf_left(self, x: Floats) -> Floats:
        """Without the atom at the lower end."""
        return np.where(np.asarray(x, dtype=np.float64) <= self.low, 0.0, self.cdf(x))

    def ppf(self, q: Floats) -> Floats:
        """The quantile."""
        q = np.asarray(q, dtype=np.float64)
        return self.low + np.maximum(q - self._share, 0.0) * (self.high - self.low)

    @property
    def support(self) -> tuple[float, float]:
        """(low, cut)."""
        return (self.low, self.cut)

    @property
    def mean(self) -> float:
        """Of the mixture."""
        return (1 - self._share) * (self.low + self.cut) / 2 + self._share * self.low

    def _central(self, power: int) -> float:
        a, b = self.low - self.mean, self.cut - self.mean
        ramp = (b ** (power + 1) - a ** (power + 1)) / ((power + 1) * (self.high - self.low))
        return float(ramp + self._share * a**power)

    @property
    def std(self) -> float:
        """Of the mixture."""
        return math.sqrt(self._central(2))

    @property
    def kurtosis(self) -> float:
        """Of the mixture."""
        return self._central(4) / self._central(2) ** 2
