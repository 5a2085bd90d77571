"""What the mathematics here needs to know of a law; `embcheck.laws.Law` offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Distribution(Protocol):
    """The distribution of one element. Hashable; equal distributions compare equal."""

    def __hash__(self) -> int: ...

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x)."""
        ...

    def cdf_left(self, x: Floats) -> Floats:
        """P(X < x), which differs from `cdf` at atoms only."""
        ...

    def sf(self, x: Floats) -> Floats:
        """P(X > x), accurate in the right tail."""
        ...

    def ppf(self, q: Floats) -> Floats:
        """The quantile."""
        ...

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest possible value."""
        ...

    @property
    def mean(self) -> float:
        """Expectation."""
        ...

    @property
    def std(self) -> float:
        """Standard deviation."""
        ...

    @property
    def kurtosis(self) -> float:
        """Fourth central moment over the squared variance."""
        ...
