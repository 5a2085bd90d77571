"""A function without arguments that was called: what it raised or warned of, if that is a conversion's doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.subjects.conversion.converter import Trial
from embcheck.subjects.conversion.stock import PITFALLS
from embcheck.subjects.target import first_line

if TYPE_CHECKING:
    import warnings
    from collections.abc import Sequence

_TELLING = 12
"""Characters of a message that say which pitfall it is; shorter ones are found in the messages of others."""


def raised(error: BaseException) -> Trial | None:
    """The call as a trial of a converter, if the table of pitfalls knows this exception; None for any other."""
    kind, message = type(error).__name__, str(error)
    rule = _rule("raises", kind, message)
    return None if rule is None else Trial("calling it", rule, exception=f"{kind}: {first_line(error)}")


def warned(caught: Sequence[warnings.WarningMessage]) -> Trial | None:
    """The call as a trial with the warnings that the table of pitfalls knows."""
    told = [(w.category.__name__, str(w.message)) for w in caught]
    known = tuple(t for t in told if _rule("warns", *t) is not None)
    return Trial("calling it", "plain", warned=known) if known else None


def _rule(outcome: str, kind: str, message: str) -> str | None:
    """The rule of the row whose message says most of this one."""
    rows = [
        p for p in PITFALLS if len(p.expected.message) >= _TELLING and p.expected.agrees(outcome, kind, message)
    ]  # fmt: skip
    return max(rows, key=lambda p: len(p.expected.message)).rule if rows else None
