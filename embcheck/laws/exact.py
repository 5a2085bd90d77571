"""Laws under which every element is known: constant, eye, dirac, and values that were given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embcheck.laws.law import Law
from embcheck.laws.spelling import spell

if TYPE_CHECKING:
    import torch

    from embcheck.laws.law import Floats


class _Exact(Law):
    iid = False
    exact = True


@dataclass(frozen=True)
class Constant(_Exact):
    """Every element is `value`."""

    value: float = 0.0

    def __str__(self) -> str:
        names = {0.0: "zeros()", 1.0: "ones()"}
        return names.get(self.value) or f"constant({spell(self.value)})"

    def cdf(self, x: Floats) -> Floats:
        """A step at `value`."""
        return np.asarray(np.asarray(x, dtype=np.float64) >= self.value, dtype=np.float64)

    def cdf_left(self, x: Floats) -> Floats:
        """A step just right of `value`."""
        return np.asarray(np.asarray(x, dtype=np.float64) > self.value, dtype=np.float64)

    def ppf(self, q: Floats) -> Floats:
        """`value`, whatever q."""
        q = np.asarray(q, dtype=np.float64)
        return np.where((q >= 0) & (q <= 1), self.value, np.nan)

    @property
    def support(self) -> tuple[float, float]:
        """(value, value)."""
        return (self.value, self.value)

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def std(self) -> float:
        """0."""
        return 0.0

    @property
    def kurtosis(self) -> float:
        """Undefined: nothing varies."""
        return math.nan

    def values(self, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device | str) -> torch.Tensor:
        """The tensor filled with the value, rounded to the dtype."""
        import torch

        return torch.full(shape, self.value, dtype=torch.float64).to(device=device, dtype=dtype)


@dataclass(frozen=True)
class Eye(_Exact):
    """The identity on as many inputs as possible (`eye_`): ones on the main diagonal of a matrix."""

    def __str__(self) -> str:
        return "eye()"

    @property
    def support(self) -> tuple[float, float]:
        """(0, 1)."""
        return (0.0, 1.0)

    def values(self, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device | str) -> torch.Tensor:
        """The identity matrix, cut or padded with zeros to `shape`.

        Raises:
            ValueError: `shape` is not that of a matrix.
        """
        import torch

        if len(shape) != 2:
            raise ValueError(f"eye() fills a matrix, not a tensor of shape {shape}.")
        return torch.eye(*shape).to(device=device, dtype=dtype)


@dataclass(frozen=True)
class Dirac(_Exact):
    """The convolution that passes its input on (`dirac_`): a one at the centre of kernel (d, d) of every group."""

    groups: int = 1

    def __str__(self) -> str:
        return "dirac()" if self.groups == 1 else f"dirac(groups={self.groups})"

    @property
    def support(self) -> tuple[float, float]:
        """(0, 1)."""
        return (0.0, 1.0)

    def values(self, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device | str) -> torch.Tensor:
        """The kernel, built from its definition.

        Raises:
            ValueError: not the shape of a convolution, or the output channels do not divide into the groups.
        """
        import torch

        if not 3 <= len(shape) <= 5:
            raise ValueError(f"dirac() fills a convolution of 3 to 5 dimensions, not a tensor of shape {shape}.")
        if self.groups < 1 or shape[0] % self.groups:
            raise ValueError(f"{self}: {shape[0]} output channels do not divide into {self.groups} groups.")
        kernel = torch.zeros(shape)
        if kernel.numel():
            each = shape[0] // self.groups
            passed = torch.arange(min(each, shape[1]))
            centre = tuple(size // 2 for size in shape[2:])
            for group in range(self.groups):
                where: tuple[torch.Tensor | int, ...] = (group * each + passed, passed, *centre)
                kernel[where] = 1.0
        return kernel.to(device=device, dtype=dtype)


@dataclass(frozen=True, eq=False)
class Given(_Exact):
    """Values that somebody handed over: `from_pretrained`, a sine table, a checkpoint."""

    tensor: torch.Tensor
    source: str = "given"

    def __str__(self) -> str:
        return self.source

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Given):
            return NotImplemented
        import torch

        return self.tensor.shape == other.tensor.shape and torch.equal(self.tensor, other.tensor)

    def __hash__(self) -> int:
        return hash(tuple(self.tensor.shape))

    def values(self, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device | str) -> torch.Tensor:
        """The given tensor in the dtype asked for.

        Raises:
            ValueError: it has another shape.
        """
        if tuple(self.tensor.shape) != tuple(shape):
            raise ValueError(f"{self}: the values have shape {tuple(self.tensor.shape)}, not {tuple(shape)}.")
        return self.tensor.detach().to(device=device, dtype=dtype)
