"""Which of several names that fit a tensor equally well is the one that its peers settle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.subjects.inventory.census import Member


def settle(members: Sequence[Member]) -> None:
    """Give tensors that fit several laws the name that most weights of their kind of layer fit.

    A square convolution follows `kaiming_normal()` and `kaiming_normal(mode='fan_out')` alike; beside layers that
    follow the second alone, that is what drew it. Only names that the tensor's own values leave open (`Member.near`)
    are taken, and only where at least half of the kind fits the name and one of them prefers it.
    """
    kinds: dict[Any, list[Member]] = {}
    for member in members:
        if member.law and not member.constant:
            held = member.held
            kinds.setdefault((held.module_type or held.layer, held.role), []).append(member)
    for kind in kinds.values():
        votes = Counter(name for member in kind for name in {member.law, *member.near})
        preferred = Counter(member.law for member in kind)
        name = max(votes, key=lambda n: (votes[n], preferred[n], -len(n)))
        if 2 * votes[name] < len(kind) or not preferred[name]:
            continue
        for member in kind:
            if name != member.law and name in member.near:
                others = tuple(n for n in member.alternatives if n != name)
                member.alternatives = others if member.fitted else (member.law, *others)
                member.law, member.fitted = name, False
