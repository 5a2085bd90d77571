"""What `scale-too-small` and `scale-too-large` say of a layer beside its peers: one of a stack has another scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy import special

from embcheck.checks.mechanisms.spelling import spelled
from embcheck.results import Evidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.inventory.census import Census, Member

_ENOUGH, _PEERS = 1024, 4
_AGREE = 5.0
"""Peers agree if none is further than this many standard errors from their median."""


def scale_among_peers(census: Census, small: bool) -> Iterator[Evidence]:
    """One layer of a stack of freshly drawn ones whose standard deviation is not that of the others.

    Standard error of ln std: sqrt((kurtosis - 1) / (4 n)). Asked only where the others agree, so that stacks whose
    scale depends on depth, and trained ones, are left alone.
    """
    for stack, members in census.stacks().items():
        peers = [m for m in members if m.n >= _ENOUGH and m.std > 0 and m.finite == m.n and not m.declared]
        if len(peers) < _PEERS or sum(m.random for m in peers) < len(peers) - 1:
            continue
        yield from _odd_one(stack.partition(" ")[0], peers, small)


def _odd_one(stack: str, peers: list[Member], small: bool) -> Iterator[Evidence]:
    ordered = sorted(peers, key=lambda m: m.std)
    middle = ordered[len(ordered) // 2].std
    odd = ordered[0] if small else ordered[-1]
    error = {id(m): math.sqrt(max(m.kurtosis - 1, 0.1) / (4 * m.n)) for m in peers}
    z = {id(m): math.log(m.std / middle) / error[id(m)] for m in peers}
    if any(abs(z[id(m)]) > _AGREE for m in peers if m is not odd):
        return
    spread = math.sqrt(1 + math.pi / 2 / len(peers))  # of the median itself
    p = min(1.0, len(peers) * float(special.ndtr(-abs(z[id(odd)]) / spread)))
    ratio = odd.std / middle
    yield Evidence(
        f"std is {odd.std:.4g} where the {len(peers) - 1} others of {stack} have {middle:.4g} "
        f"({100 * (ratio - 1):+.2g}%)",
        measured=odd.std, expected=middle, p_value=p, effect=abs(ratio - 1), n=odd.n, part=odd.held.name,
        severity=Severity.WARNING,
        fix=f"{spelled(odd.held.name, odd.held.module is not None)}.data.mul_({1 / ratio:.4g})",
    )  # fmt: skip
