"""The answer that every rule of this family gives to a promise of torch's documentation that was run live."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embcheck.results import Evidence, Severity, Skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from embcheck.subjects.subject import Subject


def promised(subject: Subject, rule: str) -> Iterator[Evidence | Skip]:
    """What the rule has to say of a subject of kind "promise"; nothing if it is another rule's.

    A promise that is not kept is an error; one that torch is known not to keep is a note, which says what it does.
    """
    if subject.kind != "promise" or subject.role != rule:
        return
    promise = subject.value
    if isinstance(promise, str):
        yield Skip(promise)
        return
    kept = abs(promise.measured - promise.expected) <= promise.allowed  # False for NaN
    seen = f": {promise.seen}" if promise.seen else ""
    if kept:
        message = f"{promise.says}{seen}"
    elif promise.known:
        message = f"torch does otherwise ({promise.says}){seen}; {promise.known}"
    else:
        message = f"not kept: {promise.says}{seen}"
    yield Evidence(
        message,
        measured=promise.measured if math.isfinite(promise.measured) else None,
        expected=promise.expected,
        allowed=promise.allowed,
        holds=kept,
        severity=Severity.NOTE if promise.known and not kept else None,
        fix="" if kept else promise.fix,
    )
