"""A law rounded to a dtype: what a sound draw in bfloat16, float16 or float8 can follow.

A faithful rounding gives each draw to one of its two neighbours in the dtype, and what the dtype holds to itself
(J.-M. Muller et al., *Handbook of Floating-Point Arithmetic*, 2nd ed., 2018, section 2.2): to nearest, to zero, up,
down and at random are all of this kind, and so is rounding twice. For every one of them the distribution function of
what comes out lies, at each value v of the dtype, between F(v) and F(next(v)-), which is all that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embcheck.stats.grid import Grid, grid_of
from embcheck.stats.resolution import Levels, levels

if TYPE_CHECKING:
    import torch

    from embcheck.laws.law import Floats, Law


@dataclass(frozen=True)
class RoundedLaw:
    """A law and the floating-point dtype that its draws are rounded to. Make it with `rounded`."""

    law: Law
    dtype: torch.dtype

    def __str__(self) -> str:
        return f"{self.law} in {self._grid.name}"

    @property
    def _grid(self) -> Grid:
        return grid_of(self.dtype)

    def cdf_low(self, v: Floats) -> Floats:
        """The least that P(rounded X <= v) can be under a faithful rounding: F(v), rounding up.

        Args:
            v: values of the dtype, as float64.
        """
        return self.law.cdf(v)

    def cdf_high(self, v: Floats) -> Floats:
        """The most that P(rounded X <= v) can be: F(next(v)-), rounding down; v as of `cdf_low`."""
        return self.law.cdf_left(self._grid.next_above(v))

    def spread(self, v: Floats) -> Floats:
        """By how much faithful roundings may differ at v: what KS on rounded draws cannot see."""
        return np.asarray(self.cdf_high(v) - self.cdf_low(v))

    def levels(self, n: int) -> Levels:
        """The chances of the dtype's values, rounding to nearest, for how many different ones n draws should show."""
        return levels(self.law, self._grid, n)


def rounded(law: Law, dtype: torch.dtype) -> RoundedLaw:
    """The law as a dtype can hold it.

    Raises:
        Unsupported: torch cannot read single values of the dtype.
        TypeError: the dtype is not a floating-point one, to which nothing is rounded.
    """
    if not dtype.is_floating_point:
        raise TypeError(f"{dtype} is not a floating-point dtype; nothing is rounded to it.")
    grid_of(dtype)
    return RoundedLaw(law, dtype)
