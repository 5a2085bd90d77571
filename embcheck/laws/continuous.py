"""The distributions themselves: normal, uniform, and what is known of one element of a structured tensor.

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
    """N(mean, std^2); `loc` and `scale` are its parameters."""

    loc: float = 0.0
    scale: float = 1.0
    spelling: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _need(math.isfinite(self.loc) and math.isfinite(self.scale) and self.scale > 0, f"{self}: std must be positive")

    def __str__(self) -> str:
        return self.spelling or f"normal({spell(self.loc)}, {spell(self.scale)})"

    def describe(self) -> str:
        """The spelling, and N(mean, std^2) in numbers."""
        return _described(self, f"N({self.loc:.4g}, {self.scale:.4g}²)")

    def cdf(self, x: Floats) -> Floats:
        """Phi((x - mean) / std)."""
        return np.asarray(special.ndtr((np.asarray(x, dtype=np.float64) - self.loc) / self.scale))

    def sf(self, x: Floats) -> Floats:
        """Phi((mean - x) / std): no cancellation in the right tail."""
        return np.asarray(special.ndtr((self.loc - np.asarray(x, dtype=np.float64)) / self.scale))

    def ppf(self, q: Floats) -> Floats:
        """The quantile."""
        return np.asarray(self.loc + self.scale * special.ndtri(np.asarray(q, dtype=np.float64)))

    @property
    def mean(self) -> float:
        """The parameter."""
        return self.loc

    @property
    def std(self) -> float:
        """The parameter."""
        return self.scale


@dataclass(frozen=True)
class Uniform(Law):
    """U(low, high). `Tensor.uniform_` documents a closed interval, `torch.rand` one that is `half_open`."""

    low: float = 0.0
    high: float = 1.0
    half_open: bool = False
    spelling: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _need(math.isfinite(self.high - self.low) and self.low < self.high, f"{self}: low must be below high")

    def __str__(self) -> str:
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
    def open_right(self) -> bool:
        """True for `torch.rand`."""
        return self.half_open

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


def _need(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(f"{message}.")


def _described(law: Normal | Uniform, numbers: str) -> str:
    return f"{law.spelling} = {numbers}" if law.spelling else numbers
