"""Draws of different shapes that came out of one stream of random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import torch

    from embcheck.subjects.inventory.census import Member

_FEWEST = 64
_TAIL = 16
"""torch draws normal numbers sixteen at a time and the last sixteen anew (`normal_fill`): a shorter tensor's end
differs."""
_LONGEST = 1 << 16
_ERROR = 1e-5
"""Relative: two roundings of float32 beside the two factors."""


def common_streams(members: Iterable[Member]) -> Iterator[list[Member]]:
    """Freshly drawn parameters, not all of one shape, that begin with the same numbers up to a factor of their own.

    Compared are all elements that the shorter of two has, less its last sixteen, at most 65,536.
    """
    asked = [m for m in members if m.random and m.n >= _FEWEST and m.start and m.held.read and not m.computed]
    alike: dict[tuple[float, ...], list[Member]] = {}
    for member in asked:
        alike.setdefault(member.start, []).append(member)
    for group in alike.values():
        left = sorted(group, key=lambda m: -m.n)
        while len(left) > 1:
            first, *rest = left
            found = [first, *(m for m in rest if _begins_like(first, m))]
            left = [m for m in rest if m not in found]
            if len({m.held.shape for m in found}) > 1:
                yield found


def _begins_like(longer: Member, shorter: Member) -> bool:
    count = min(shorter.n - _TAIL, _LONGEST)
    a, b = _beginning(longer, count), _beginning(shorter, count)
    factor = float(a.norm() / b.norm())
    return bool(((a - factor * b).abs() <= _ERROR * a.abs() + 1e-7 * a.abs().max()).all())


def _beginning(member: Member, count: int) -> torch.Tensor:
    assert member.held.read is not None  # noqa: S101 - asked for above
    return member.held.read().reshape(-1)[:count].double().cpu()
