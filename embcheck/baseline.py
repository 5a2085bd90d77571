"""Accepted failures: a file of (code, subject) pairs that are listed and do not fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.results import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from embcheck.results import Report
    from embcheck.settings import Settings

    Accepted = Mapping[tuple[str, str], str]
    """(code, subject) to the reason, which may be empty."""

_VERSION = 1


def prepare(settings: Settings) -> Accepted:
    """Read the baseline, and with `--write-baseline` make sure that it can be written; both before the run.

    Raises:
        UsageError: it is missing, broken or cannot be written.
    """
    if settings.baseline is None:
        return {}
    path = Path(settings.baseline)
    if settings.write_baseline and not path.exists():
        return {}
    return read(path)


def read(path: Path) -> Accepted:
    """The pairs of a baseline file.

    Raises:
        UsageError: there is no such file, or it is no baseline.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema_version"] != _VERSION:
            version = data["schema_version"]
            raise UsageError(f"The baseline {path} has schema_version {version!r}; this embcheck reads {_VERSION}.")
        return {(str(row["code"]), str(row["subject"])): str(row.get("reason", "")) for row in data["accepted"]}
    except FileNotFoundError:
        raise UsageError(f"There is no baseline {path}: write it with --baseline {path} --write-baseline.") from None
    except OSError as error:
        raise UsageError(f"Cannot read the baseline {path}: {error.strerror or error}.") from None
    except UsageError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"{path} is no baseline of embcheck: write a new one with --write-baseline.") from None


def apply(report: Report, settings: Settings, accepted: Accepted) -> Report:
    """Skip the failures that are accepted, list them with the reason, and name the pairs that no longer fail."""
    if settings.baseline is None:
        return report
    if settings.write_baseline:
        failing = [(o.code, o.subject) for o in report.failed]
        accepted = {pair: accepted.get(pair, "") for pair in failing}
    outcomes = []
    used: set[tuple[str, str]] = set()
    for outcome in report.outcomes:
        pair = (outcome.code, outcome.subject)
        if outcome.status is Status.FAIL and pair in accepted:
            used.add(pair)
            why = f"accepted in {settings.baseline}" + (f": {accepted[pair]}" if accepted[pair] else "")
            outcome = replace(outcome, status=Status.SKIP, reason=why)  # noqa: PLW2901
        outcomes.append(outcome)
    asked = {rule.code for rule in settings.rules}
    stale = [pair for pair in sorted(accepted) if pair not in used and pair[0] in asked]
    notes = tuple(f"stale in {settings.baseline}: {code} {subject} no longer fails." for code, subject in stale)
    return replace(report, outcomes=tuple(outcomes), notes=(*report.notes, *notes))


def document(report: Report, settings: Settings) -> str:
    """The baseline that accepts what `apply` accepted in this report, sorted, so that a diff says what changed."""
    mark = f"accepted in {settings.baseline}"
    rows = {
        (o.code, o.subject): o.reason.removeprefix(mark).removeprefix(": ")
        for o in report.outcomes
        if o.status is Status.SKIP and o.reason.startswith(mark)
    }
    accepted = [{"code": code, "subject": subject, "reason": rows[code, subject]} for code, subject in sorted(rows)]
    return json.dumps({"schema_version": _VERSION, "accepted": accepted}, indent=1) + "\n"
