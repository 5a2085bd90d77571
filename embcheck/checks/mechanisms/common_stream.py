"""Draws of different shapes that came out of one stream of random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import torch

    from embcheck.subjects.inventory.census import Member

    _Reading = tuple[Member, bool]
    """A parameter, and whether it is read column by column."""

_FEWEST = 64
_TAIL = 16
"""torch draws normal numbers sixteen at a time and the last sixteen anew (`normal_fill`): a shorter tensor's end
differs."""
_LONGEST = 1 << 16
_ERROR = 1e-5
"""Relative: two roundings of float32 beside the two factors."""


def common_streams(members: Iterable[Member]) -> Iterator[list[Member]]:
    """Freshly drawn parameters, not all of one shape, that begin with the same numbers up to a factor of their own.

    Each is read as it lies in memory, and a matrix column by column too (drawn as (inputs, outputs) and turned).
    Compared are all elements that the shorter of two has, less its last sixteen, at most 65,536.
    """
    asked = [m for m in members if m.random and m.n >= _FEWEST and m.held.read and not m.computed]
    alike: dict[tuple[float, ...], list[_Reading]] = {}
    for member in asked:
        for first, turned in ((member.start, False), (member.across, True)):
            if first:
                alike.setdefault(first, []).append((member, turned))
    for group in alike.values():
        left = sorted(group, key=lambda reading: -reading[0].n)
        while len(left) > 1:
            longest, *rest = left
            found = [longest, *(reading for reading in rest if _begins_like(longest, reading))]
            left = [reading for reading in rest if reading not in found]
            if len({m.held.shape for m, _ in found}) > 1:
                yield list({id(m): m for m, _ in found}.values())


def _begins_like(longer: _Reading, shorter: _Reading) -> bool:
    count = min(shorter[0].n - _TAIL, _LONGEST)
    a, b = _beginning(*longer, count), _beginning(*shorter, count)
    factor = float(a.norm() / b.norm())
    return bool(((a - factor * b).abs() <= _ERROR * a.abs() + 1e-7 * a.abs().max()).all())


def _beginning(member: Member, turned: bool, count: int) -> torch.Tensor:
    assert member.held.read is not None  # noqa: S101 - asked for above
    values = member.held.read()
    if turned:
        values = values[:, : -(-count // values.shape[0])].t()
    return values.reshape(-1)[:count].double().cpu()
