"""One outcome for each rule and subject, whatever the number of ways in which the rule looked at it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from embcheck.results import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embcheck.results import Outcome

_RANK = {Status.SKIP: 0, Status.PASS: 1, Status.FAIL: 2, Status.ERROR: 3}


def merged(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The worst outcome of each (code, subject), in the place of the first; it says what else failed.

    A tensor is looked at by its values and again by building the model with poisoned memory, an optimizer holds strange
    tensors and lacks others: a reader counts defects, not ways of seeing them.
    """
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.code, outcome.subject), []).append(outcome)
    return tuple(group[0] if len(group) == 1 else _worst(group) for group in groups.values())


def _worst(group: list[Outcome]) -> Outcome:
    worst = max(group, key=lambda o: (_RANK[o.status], o.severity.rank if o.status is Status.FAIL else 0))
    if worst.status is not Status.FAIL:
        return worst
    others = [o for o in group if o is not worst and o.status is Status.FAIL]
    messages = dict.fromkeys([worst.message, *(o.message for o in others)])
    fixes = dict.fromkeys(f for f in (worst.fix, *(o.fix for o in others)) if f)
    return replace(worst, message="; also, ".join(messages), fix="; ".join(fixes))
