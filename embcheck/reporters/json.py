"""The public interface for machines: `report.schema.json` describes it, and `parse` reads it back without loss."""

from __future__ import annotations

import functools
import json
import math
import re
from typing import TYPE_CHECKING, Any

from embcheck import __version__
from embcheck.errors import UsageError
from embcheck.reporters.names import encodable
from embcheck.reporters.places import from_here
from embcheck.results import Location, Outcome, Report, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from embcheck.reporters.style import Style

SCHEMA_VERSION = 1


def render(report: Report, style: Style | None = None) -> str:
    """The report as one JSON object; what is not finite becomes null.

    An outcome and a row of a table are a line each: two runs can be compared with diff.
    """
    dumps = functools.partial(json.dumps, allow_nan=False, ensure_ascii=bool(style and style.ascii))
    fields = document(report)
    outcomes, tables = fields.pop("outcomes"), fields.pop("tables")
    tables = {dumps(name): _lines(map(dumps, rows)) for name, rows in tables.items()}
    parts = {
        **{key: dumps(value) for key, value in fields.items()},
        "outcomes": _lines(map(dumps, outcomes)),
        "tables": "{" + ",".join(f"\n{name}: {rows}" for name, rows in tables.items()) + "}",
    }
    return "{\n" + ",\n".join(f"{dumps(key)}: {value}" for key, value in parts.items()) + "\n}\n"


def _lines(items: Iterable[str]) -> str:
    return "[" + ",".join(f"\n{item}" for item in items) + "]"


def document(report: Report) -> dict[str, Any]:
    """The report as plain dicts, lists, strings, numbers and None."""
    return {
        "schema_version": SCHEMA_VERSION,
        "embcheck": __version__,
        "command": report.command,
        "target": None if report.target is None else encodable(report.target),
        "exit_code": report.exit_code,
        "fail_on": report.fail_on.value,
        "exit_zero": report.exit_zero,
        "settings": plain(report.settings),
        "environment": plain(report.environment),
        "seed": report.seed,
        "reproduce": encodable(report.reproduce),
        "duration": plain(report.duration),
        "notes": plain(report.notes),
        "summary": report.summary,
        "outcomes": [_outcome(o) for o in report.outcomes],
        "tables": plain(report.tables),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    location = outcome.location and from_here(outcome.location)
    return {
        "code": outcome.code,
        "rule": outcome.rule,
        "subject": encodable(outcome.subject),
        "status": outcome.status.value,
        "severity": outcome.severity.value,
        "message": encodable(outcome.message),
        **{
            key: plain(getattr(outcome, key))
            for key in ("measured", "expected", "allowed", "p_value", "effect", "n", "detectable")
        },
        "fix": encodable(outcome.fix),
        "location": None if location is None else {"path": encodable(location.path), "line": location.line},
        "reason": encodable(outcome.reason),
        "histogram": plain(outcome.histogram),
    }


def plain(value: Any) -> Any:
    """The value in JSON's own types: no NaN, no infinity, no lone surrogate, no numpy scalar."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        return encodable(str(value.value) if hasattr(value, "value") else str(value))
    if hasattr(value, "items"):
        return {encodable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if hasattr(value, "item"):  # a numpy scalar, without importing numpy
        return plain(value.item())
    return encodable(str(value))


def parse(text: str, source: str = "the report") -> Report:
    """The report that `render` wrote.

    Raises:
        UsageError: it is not such a report, or one of a later version.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{source} is not JSON ({error}): write it with `-o json={source}`.") from None
    except RecursionError:
        raise UsageError(f"{source} is nested too deeply to be a report of embcheck.") from None
    if not isinstance(data, dict) or "schema_version" not in data or "outcomes" not in data:
        raise UsageError(f"{source} is JSON but no report of embcheck: write one with `-o json={source}`.")
    if data["schema_version"] != SCHEMA_VERSION:
        raise UsageError(
            f"{source} has schema_version {data['schema_version']!r}, and embcheck {__version__} reads "
            f"{SCHEMA_VERSION}: convert it with the version that wrote it."
        )
    try:
        return _report(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{source} is not a complete report of embcheck: {what}.") from None


def _report(data: Mapping[str, Any]) -> Report:
    return Report(
        command=str(data["command"]),
        target=None if data["target"] is None else str(data["target"]),
        outcomes=tuple(_read_outcome(o) for o in data["outcomes"]),
        tables={str(name): [dict(row) for row in rows] for name, rows in data["tables"].items()},
        settings=dict(data["settings"]),
        environment={str(key): str(value) for key, value in data["environment"].items()},
        seed=int(data["seed"]),
        reproduce=str(data["reproduce"]),
        duration=float(data.get("duration") or 0.0),
        fail_on=Severity(data.get("fail_on", "error")),
        exit_zero=bool(data.get("exit_zero", False)),
        notes=tuple(str(note) for note in data.get("notes", ())),
    )


def _read_outcome(data: Mapping[str, Any]) -> Outcome:
    location, histogram = data["location"], data.get("histogram")
    return Outcome(
        code=_spelled(data["code"], r"[A-Z]{3}[0-9]{3}"),
        rule=_spelled(data["rule"], r"[a-z0-9]+(-[a-z0-9]+)*"),
        subject=str(data["subject"]),
        status=Status(data["status"]),
        severity=Severity(data["severity"]),
        message=str(data["message"]),
        **{key: _number(data[key]) for key in ("measured", "expected", "allowed", "p_value", "effect", "detectable")},
        n=None if data["n"] is None else int(data["n"]),
        fix=str(data["fix"]),
        location=None if location is None else Location(str(location["path"]), int(location["line"])),
        reason=str(data["reason"]),
        histogram=None if histogram is None else tuple((float(x), float(y)) for x, y in histogram),
    )


def _spelled(value: Any, pattern: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(f"{value!r} is no code or name of a rule")
    return value


def _number(value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise TypeError(f"{value!r} stands where a number is due")
    return value
