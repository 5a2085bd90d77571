"""Proposals as arrays: the likelihood of every one of hundreds of laws from four numbers of a sample."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.identification.proposals import Proposal, constants, known, own
from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import nn

    from embcheck.laws.identification.sample import Sample
    from embcheck.laws.law import Law


class Menu:
    """The proposals for one shape, each with the parameters of its density."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        self.proposals = tuple(proposals)
        self.cost = np.asarray([p.cost for p in proposals])
        rows = [_parameters(p.law) for p in proposals]
        self._loc, self._precision, self._constant, self._low, self._high = np.asarray(rows).reshape(-1, 5).T

    def scores(self, sample: Sample) -> NDArray[np.float64]:
        """Log-likelihood of each proposal minus its cost, up to a constant of the sample; -inf out of bounds."""
        second = sample.std**2 + (sample.mean - self._loc) ** 2
        likelihood = -sample.n * (self._constant + self._precision * second / 2)
        slack_low, slack_high = spacing(sample.low, sample.dtype), spacing(sample.high, sample.dtype)
        inside = (sample.low >= self._low - slack_low) & (sample.high <= self._high + slack_high)
        return np.asarray(np.where(inside, likelihood, -np.inf) - self.cost)


def _parameters(law: Law) -> tuple[float, float, float, float, float]:
    """loc, 1/scale^2, minus the logarithm of the density at loc, low, high."""
    if isinstance(law, Normal):
        return law.mean, law.std**-2, math.log(law.std) + 0.5 * math.log(2 * math.pi), -math.inf, math.inf
    if isinstance(law, Uniform):
        return 0.0, 0.0, math.log(law.high - law.low), law.low, law.high
    if isinstance(law, TruncatedNormal):
        mass = law.relative_mass
        return law.loc, law.scale**-2, math.log(law.scale) + math.log(mass), law.a, law.b
    raise TypeError(f"{law} has no density.")


def menu(shape: tuple[int, ...], module: nn.Module | None, name: str) -> tuple[Menu, ...]:
    """What is tried for a tensor of this shape, owner and name; what does not depend on the owner is kept."""
    return Menu([*own(shape, module, name)]), _constants(), _menu(shape, "weight_" in name)


@lru_cache(maxsize=1)
def _constants() -> Menu:
    return Menu([*constants()])


@lru_cache(maxsize=256)
def _menu(shape: tuple[int, ...], recurrent: bool) -> Menu:
    return Menu(known(shape, recurrent))
