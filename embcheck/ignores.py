"""Failures that the configuration ignores with a reason: skipped, and the reason is printed."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from embcheck.results import Status
from embcheck.rules import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from embcheck.results import Outcome, Report
    from embcheck.settings import Settings


def apply(report: Report, settings: Settings) -> Report:
    """Turn what failed or crashed, and is ignored for its rule or its subject, into a skip. Passes stay passes.

    A pattern that matches no subject of a target is named in the notes: it was mistyped, or its subject is gone.
    """
    if not settings.ignore_reasons and not settings.per_subject_ignores:
        return report
    outcomes = tuple(_ignored(o, settings) for o in report.outcomes)
    subjects = {o.subject for o in report.outcomes}
    idle = tuple(
        f"per-subject-ignores: no subject matches {pattern!r}."
        for pattern in settings.per_subject_ignores
        if report.target is not None and not any(_matches(subject, pattern) for subject in subjects)
    )
    return replace(report, outcomes=outcomes, notes=(*report.notes, *idle))


def _ignored(outcome: Outcome, settings: Settings) -> Outcome:
    if outcome.status not in (Status.FAIL, Status.ERROR):
        return outcome
    reasons = [settings.ignore_reasons]
    reasons += [codes for pattern, codes in settings.per_subject_ignores.items() if _matches(outcome.subject, pattern)]
    for reason in _reasons(outcome.code, reasons):
        return replace(outcome, status=Status.SKIP, reason=f"ignored: {reason}" if reason else "ignored")
    return outcome


def _reasons(code: str, tables: Iterable[Mapping[str, str]]) -> Iterable[str]:
    return (
        reason for table in tables for prefix, reason in table.items() if any(r.code == code for r in matching(prefix))
    )


def _matches(subject: str, pattern: str) -> bool:
    """A shell pattern, or the very name: in ``emb.weight[3]`` the brackets are part of the name."""
    return subject == pattern or fnmatchcase(subject, pattern)
