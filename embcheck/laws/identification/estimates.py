"""Laws whose scale the values themselves decide, each paying for it (G. Schwarz, Ann. Stat. 6 (1978), 461-464)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.identification.proposals import Proposal
from embcheck.stats.spacing import spacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.laws.identification.sample import Sample

_NOBODYS = 6.0
"""What a constant that is in no list costs, beside Schwarz's term."""


def estimates(sample: Sample) -> Iterator[Proposal]:
    """A centred normal, a centred uniform and truncated normals cut at 2 and 3 sigma, with the scale that fits best.

    The number is rounded to the digits that n values can decide. Schwarz's term is log(n)/2 for a regular parameter and
    log(n) for the end of a support, whose error is 1/n. There is no free mean: a tensor that is shifted by an arbitrary
    amount is not what an initializer leaves.
    """
    n, dtype = sample.n, sample.dtype
    scale = math.hypot(sample.std, sample.mean)
    if not 1e-100 < scale < 1e100 or n < 2:  # beyond, squares leave float64
        return
    digits = 3 + round(math.log10(n) / 2)
    yield Proposal(Normal(0.0, rounded(scale, digits)), _NOBODYS + 0.5 * math.log(n))
    reach = max(-sample.low, sample.high)
    gap = spacing(reach, dtype)
    bound = min(max(scale * math.sqrt(3), reach - gap / 2), reach + gap / 2) if gap * n > reach else reach
    bound = _outward(bound, 1, digits + 3)
    yield Proposal(Uniform(-bound, bound), _NOBODYS + math.log(n))
    for sigmas in (2, 3):
        yield Proposal(TruncatedNormal(0.0, bound / sigmas, -bound, bound), _NOBODYS + 1 + math.log(n))
    ends = (_outward(sample.low, -1, 1), _outward(sample.high, 1, 1))
    if ends[0] != -ends[1] and ends[0] < ends[1]:
        yield Proposal(Uniform(*ends), _NOBODYS + 2 * math.log(n))


def rounded(value: float, digits: int) -> float:
    """A number to so many significant digits."""
    return float(f"{value:.{digits}g}")


def _outward(end: float, side: int, digits: int) -> float:
    """The nearest number of so many significant digits beyond an end: 0.1 for 0.09998 and one digit."""
    if end == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(end))) + 1 - digits)
    whole = math.floor(end / unit) if side < 0 else math.ceil(end / unit)
    nearer = rounded((whole - side) * unit, digits + 1)  # where the division was rounded outwards
    return nearer if side * (nearer - end) >= 0 else rounded(whole * unit, digits + 1)
