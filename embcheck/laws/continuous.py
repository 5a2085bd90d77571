"""Normal and uniform.

Every cdf, tail and quantile goes through `scipy.special`. A law that an initializer made (``xavier_uniform(gain=2)``)
is the same `Uniform` or `Normal`, remembering how it is spelled; the spelling takes no part in comparison.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from embcheck.laws.law import Law
from embcheck.laws.spelling import spell

if TYPE_CHECKING:
    from embcheck.laws.law import Floats


@dataclass(frozen=True)
class Normal(Law):
    """N(mean, std^2)."""

    mean: float = 0.0
    std: float = 1.0
    spelling: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.std) and self.std > 0):
            raise ValueError(f"{self}: mean must be finite and std positive.")

    def __str__(self) -> str:
        return self.spelling or f"normal({spell(self.mean)}, {spell(self.std)})"

    def describe(self) -> str:
        """The spelling, and N(mean, std^2) in numbers."""
        return _described(self, f"N({self.mean:.4g}, {self.std:.4g}²)")

    def cdf(self, x: Floats) -> Floats:
        """Phi((x - mean) / std)."""
        return np.asarray(special.ndtr((np.asarray(x, dtype=np.float64) - self.mean) / self.std))

    def sf(self, x: Floats) -> Floats:
        """Phi((mean - x) / std): no cancellation in the right tail."""
        return np.asarray(special.ndtr((self.mean - np.asarray(x, dtype=np.float64)) / self.std))

    def ppf(self, q: Floats) -> Floats:
        """The quantile."""
        return np.asarray(self.mean + self.std * special.ndtri(np.asarray(q, dtype=np.float64)))


@dataclass(frozen=True)
class Uniform(Law):
    """U(low, high). `Tensor.uniform_` documents a closed interval, `torch.rand` one that is open on the right."""

    low: float = 0.0
    high: float = 1.0
    open_right: bool = False
    spelling: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.high - self.low) and self.low < self.high):
            raise ValueError(f"{self}: low must be below high, both finite.")

    def __str__(self) -> str:
        if self.open_right and (self.low, self.high) == (0.0, 1.0):
            return "rand()"
        return self.spelling or f"uniform({spell(self.low)}, {spell(self.high)})"

    def describe(self) -> str:
        """The spelling, and U(low, high) in numbers."""
        return _described(self, f"U({self.low:.4g}, {self.high:.4g})")

    def cdf(self, x: Floats) -> Floats:
        """A ramp from 0 at low to 1 at high."""
        return np.asarray(np.clip((np.asarray(x, dtype=np.float64) - self.low) / (self.high - self.low), 0.0, 1.0))

    def sf(self, x: Floats) -> Floats:
        """A ramp from 1 at low to 0 at high."""
        return np.asarray(np.clip((self.high - np.asarray(x, dtype=np.float64)) / (self.high - self.low), 0.0, 1.0))

    def ppf(self, q: Floats) -> Floats:
        """Convex combination of the ends, exact at 0 and 1."""
        q = np.asarray(q, dtype=np.float64)
        inside = (q >= 0) & (q <= 1)
        return np.where(inside, self.low * (1 - q) + self.high * q, np.nan)

    @property
    def support(self) -> tuple[float, float]:
        """(low, high)."""
        return (self.low, self.high)

    @property
    def mean(self) -> float:
        """The middle."""
        return self.low + (self.high - self.low) / 2

    @property
    def std(self) -> float:
        """(high - low) / sqrt(12)."""
        return (self.high - self.low) / math.sqrt(12)

    @property
    def kurtosis(self) -> float:
        """9/5 for every uniform."""
        return 1.8


def _described(law: Normal | Uniform, numbers: str) -> str:
    return f"{law.spelling} = {numbers}" if law.spelling else numbers
