"""The law that all but a few values of an undeclared tensor follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from embcheck.laws.law import Law
    from embcheck.subjects.subject import Subject

_FEWEST = 256
_SAMPLE = 1 << 20
_FAR = 8.0
"""Robust standard deviations: a normal value lies further out with a chance of 1e-15."""
_NEAR = 6.0
"""Plain standard deviations: a hundredth of the values at _FAR robust ones still leaves the extremes 6.2 plain ones
out."""
_QUARTERS = 1 << 16
"""Elements enough for quartiles to a hundredth of a standard deviation."""
_FEW = 0.01
"""At most this share of the values may be set aside."""
_SIGMA = 1.3489795003921634
"""Interquartile range of a standard normal."""


@dataclass(frozen=True)
class Far:
    """Values that lie far from the bulk of an undeclared tensor."""

    low: float
    middle: float
    high: float
    scale: float
    """Robust standard deviation, from quartiles: a hundredth of strange values moves it by less than 2%."""
    near: torch.Tensor
    share: float
    piled: int
    """How many elements equal the extreme value bit for bit."""
    extreme: float


def far(subject: Subject) -> Far | None:
    """The far values of an undeclared tensor; None where there is none, or too many for them to be strange."""
    reading = subject.facts.get("reading")
    if reading is None or not reading.usable or subject.value.is_complex():
        return None
    s = subject.summary
    if s.finite < _FEWEST or s.finite < s.n or not s.std > 0:
        return None
    if max(s.max - s.mean, s.mean - s.min) <= _NEAR * s.std:
        return None
    flat = subject.value.detach().reshape(-1)
    sample = (flat if flat.numel() <= _SAMPLE else flat[:: flat.numel() // _SAMPLE + 1]).float()
    quarters = torch.tensor([0.25, 0.5, 0.75], device=sample.device)
    low, middle, high = torch.quantile(sample[:: sample.numel() // _QUARTERS + 1], quarters).tolist()
    scale = (high - low) / _SIGMA
    if not scale > 0 or max(s.max - middle, middle - s.min) <= _FAR * scale:
        return None
    near = sample[(sample - middle).abs() <= _FAR * scale]
    share = 1 - near.numel() / sample.numel()
    if near.numel() < _FEWEST or share > _FEW:
        return None
    extreme = s.max if s.max - middle > middle - s.min else s.min
    piled = int((flat == extreme).sum())
    return Far(low, middle, high, scale, near.to(subject.value.dtype), share, piled, extreme)


def bulk_law(found: Far) -> tuple[Law, bool] | None:
    """The law that fits once the far values are set aside, and whether its constants are known ones (not fitted).

    None where the rest follows no initializer's law (trained weights).
    """
    from embcheck.laws.identification.identify import identify  # a dozen modules, which init-stats never needs

    best = next((c for c in identify(found.near) if c.law.iid), None)
    return (best.law, not best.fitted) if best is not None else None
