"""The interface of a law: the distribution, or the exact values, that a subject should have."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Law(ABC):
    """What the elements of a tensor should be. Laws are immutable, hashable and compare by value.

    `str(law)` is what a user types in the configuration: ``normal(0, 0.02)``, ``xavier_uniform(gain=1.414)``;
    `describe()` adds the numbers that a shape gave it. Three kinds:

    * *iid* (`iid` is True): elements are independent draws of one distribution; `cdf` and the moments describe it.
    * *exact* (`exact` is True): every element is known; `values` makes the tensor (zeros, ones, eye, dirac, given).
    * *structured* (neither): orthogonal, sparse, uninitialised, any; a check of their own knows what they promise.
    """

    iid: bool = True
    exact: bool = False

    @abstractmethod
    def __str__(self) -> str: ...

    def describe(self) -> str:
        """One phrase with every number, for a table: ``xavier_uniform(gain=1.414) = U(-0.0765, 0.0765)``."""
        return str(self)

    # -- the distribution of one element, in float64 on the host --

    def cdf(self, x: Floats) -> Floats:  # noqa: ARG002
        """P(X <= x), right-continuous, to float64 accuracy (absolute 1e-15, relative 1e-12 in the left tail)."""
        raise TypeError(f"{self} has no distribution of one element.")

    def cdf_left(self, x: Floats) -> Floats:
        """P(X < x): differs from `cdf` only at atoms."""
        return self.cdf(x)

    def sf(self, x: Floats) -> Floats:
        """P(X > x), accurate in the right tail where 1 - cdf is not."""
        return np.asarray(1.0 - self.cdf(x))

    def ppf(self, q: Floats) -> Floats:  # noqa: ARG002
        """The quantile: smallest x with cdf(x) >= q."""
        raise TypeError(f"{self} has no distribution of one element.")

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest possible value, both possible after rounding unless `open_right`."""
        return (-np.inf, np.inf)

    @property
    def open_right(self) -> bool:
        """True if the right end of the support is documented as impossible (`rand` on [0, 1))."""
        return False

    @property
    def mean(self) -> float:
        """Expectation of one element."""
        raise TypeError(f"{self} has no mean.")

    @property
    def std(self) -> float:
        """Standard deviation of one element."""
        raise TypeError(f"{self} has no standard deviation.")

    @property
    def kurtosis(self) -> float:
        """Fourth central moment over the squared variance (3 for a normal): it rules how well a variance is known."""
        return 3.0

    # -- all the elements of an exact law --

    def values(
        self,
        shape: tuple[int, ...],  # noqa: ARG002
        dtype: torch.dtype,  # noqa: ARG002
        device: torch.device | str,  # noqa: ARG002
    ) -> torch.Tensor:
        """The tensor itself, for an exact law."""
        raise TypeError(f"{self} is not an exact law.")
