"""Accepted failures: a file of (command, code, subject) that are listed and do not fail."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from embcheck.errors import UsageError
from embcheck.results import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embcheck.results import Report
    from embcheck.settings import Settings

_VERSION = 1


@dataclass(frozen=True)
class Accepted:
    """A failure that somebody accepts."""

    code: str
    subject: str
    reason: str = ""
    command: str = ""
    """The command that failed; one file serves several. Empty in files of older versions: any."""

    def concerns(self, command: str) -> bool:
        """Whether the command could give such an outcome."""
        return self.command in {"", command}


def prepare(settings: Settings) -> tuple[Accepted, ...]:
    """Read the baseline, and with `--write-baseline` make sure that it can be written; both before the run.

    Raises:
        UsageError: it is missing, broken or cannot be written.
    """
    if settings.baseline is None:
        return ()
    path = Path(settings.baseline)
    if settings.write_baseline and not path.exists():
        return ()
    return read(path)


def read(path: Path) -> tuple[Accepted, ...]:
    """What a baseline file accepts.

    Raises:
        UsageError: there is no such file, or it is no baseline.
    """
    if path.is_char_device() or path.is_dir():  # a device may never end
        raise UsageError(f"Cannot read the baseline {path}: it is no file.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema_version"] != _VERSION:
            version = data["schema_version"]
            raise UsageError(f"The baseline {path} has schema_version {version!r}; this embcheck reads {_VERSION}.")
        return tuple(
            Accepted(str(row["code"]), str(row["subject"]), str(row.get("reason", "")), str(row.get("command", "")))
            for row in data["accepted"]
        )
    except FileNotFoundError:
        raise UsageError(f"There is no baseline {path}: write it with --baseline {path} --write-baseline.") from None
    except OSError as error:
        raise UsageError(f"Cannot read the baseline {path}: {error.strerror or error}.") from None
    except UsageError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(f"{path} is no baseline of embcheck: write a new one with --write-baseline.") from None


def apply(report: Report, settings: Settings, accepted: Iterable[Accepted]) -> Report:
    """Skip the failures that are accepted, list them with the reason, and name what no longer fails."""
    if settings.baseline is None:
        return report
    rows = [row for row in accepted if row.concerns(report.command)]
    if settings.write_baseline:
        before = {(row.code, row.subject): row.reason for row in rows}
        rows = [Accepted(o.code, o.subject, before.get((o.code, o.subject), "")) for o in report.failed]
    by_pair = {(row.code, row.subject): row for row in rows}
    outcomes = []
    used: set[tuple[str, str]] = set()
    for outcome in report.outcomes:
        row = by_pair.get((outcome.code, outcome.subject))
        if row is not None and outcome.status is Status.FAIL:
            used.add((row.code, row.subject))
            why = f"accepted in {settings.baseline}" + (f": {row.reason}" if row.reason else "")
            outcome = replace(outcome, status=Status.SKIP, reason=why)  # noqa: PLW2901
        outcomes.append(outcome)
    asked = {rule.code for rule in settings.rules}
    stale = [pair for pair in sorted(by_pair) if pair not in used and pair[0] in asked]
    notes = tuple(f"stale in {settings.baseline}: {code} {subject} no longer fails." for code, subject in stale)
    return replace(report, outcomes=tuple(outcomes), notes=(*report.notes, *notes))


def document(report: Report, settings: Settings, before: Iterable[Accepted] = ()) -> str:
    """The baseline that accepts what `apply` accepted in this report, sorted, so that a diff says what changed.

    Args:
        report: of `apply`.
        settings: they name the file.
        before: what stood in the file; what other commands' reports were accepted for stays.
    """
    mark = f"accepted in {settings.baseline}"
    rows = {
        Accepted(o.code, o.subject, o.reason.removeprefix(mark).removeprefix(": "), report.command)
        for o in report.outcomes
        if o.status is Status.SKIP and o.reason.startswith(mark)
    }
    rows |= {row for row in before if not row.concerns(report.command)}
    ordered = sorted(rows, key=lambda row: (row.command, row.code, row.subject))
    accepted = [
        {"command": row.command, "code": row.code, "subject": row.subject, "reason": row.reason} for row in ordered
    ]
    return json.dumps({"schema_version": _VERSION, "accepted": accepted}, indent=1) + "\n"
