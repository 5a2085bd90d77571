"""A network as a subject, and what `embcheck variance-sweep` may ask of it: on paper or traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.rules import select as select_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.propagation.record import NetworkRecord
    from embcheck.rules import Rule
    from embcheck.subjects.subject import Subject

COMMAND = "variance-sweep"


def network_rules(select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The selected rules that can be asked of a network.

    Raises:
        UsageError: an unknown code, or none left.
    """
    rules = tuple(r for r in select_rules(select, ignore) if r.code.startswith("VAR"))
    if not rules:
        raise UsageError("Nothing to check: variance-sweep asks the VAR rules, and none of them is selected.")
    return rules


def check_limit(limit: float) -> None:
    """Refuse a limit that no channel could be held against.

    Raises:
        UsageError: not a positive number.
    """
    if not 0 < limit < float("inf"):
        raise UsageError(f"The limit of a stable channel is a positive number, not {limit:g}.")


def network_subject(record: NetworkRecord, device: str) -> Subject:
    """The record as something to ask questions about."""
    from embcheck.subjects.subject import Subject

    return Subject(record.name, "network", record, group="networks", dtype=record.dtype, device=device)
