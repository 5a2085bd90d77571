"""Annotations of GitHub Actions: worst first, at most nine and one that counts the rest (GitHub shows ten a step)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.reporters.names import inert, visible
from embcheck.reporters.places import ANYWHERE, in_tree
from embcheck.reporters.sentences import closing, numbers, reproduction
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report

SHOWN = 9

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, style: Style | None = None) -> str:  # noqa: ARG001 - machines have no taste
    """Workflow commands, then the closing lines."""
    wanted = [o for o in report.outcomes if o.status in (Status.FAIL, Status.ERROR)]
    wanted.sort(key=lambda o: (o.status is not Status.ERROR, -o.severity.rank))
    lines = [_annotation(o, report) for o in wanted[:SHOWN]]
    rest = wanted[SHOWN:]
    if rest:
        level = "error" if any(o.status is Status.ERROR or report.counts(o) for o in rest) else "warning"
        lines.append(f"::{level} title=embcheck::{escape(f'{len(rest)} more of {len(wanted)}: see the log or report')}")
    return "\n".join([*lines, *(inert(line) for line in closing(report)), ""])


def _annotation(outcome: Outcome, report: Report) -> str:
    place = in_tree(outcome)
    level = "error" if outcome.status is Status.ERROR else _LEVELS[outcome.severity]
    properties = {} if place is ANYWHERE else {"file": visible(place.path), "line": str(place.line)}
    properties["title"] = visible(f"{outcome.code} {outcome.rule}")
    said = [f"{visible(outcome.subject)}: {visible(outcome.message)}", numbers(outcome)]
    said.append(f"fix: {visible(outcome.fix)}" if outcome.fix else "")
    said.append(f"reproduce: {reproduction(report, [outcome.code])}" if report.reproduce else "")
    shown = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
    return f"::{level} {shown}::{escape(chr(10).join(filter(None, said)))}"


def escape(data: str) -> str:
    """The message of a workflow command: percent, carriage return and line feed are encoded."""
    return data.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(value: str) -> str:
    """A property of a workflow command: as a message, and colon and comma besides."""
    return escape(value).replace(":", "%3A").replace(",", "%2C")
