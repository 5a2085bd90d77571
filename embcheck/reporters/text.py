"""One line an outcome, as compilers print it: made for grep, for editors and for logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embcheck.reporters.names import inert, visible
from embcheck.reporters.sentences import closing, numbers, place, power, reproduction, shown
from embcheck.results import Status

if TYPE_CHECKING:
    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report


def render(report: Report, style: Style) -> str:
    """The outcomes that `style.verbosity` asks for, then notes and the closing lines."""
    if style.verbosity < -1:
        return ""
    lines = [_line(o, report, style.verbosity) for o in shown(report, style.verbosity)]
    if style.verbosity >= 0:
        lines += [f"note: {visible(note)}" for note in report.notes]
    return inert("\n".join([*lines, *closing(report), ""]))


def _line(outcome: Outcome, report: Report, verbosity: int) -> str:
    where = place(outcome)
    head = f"{where}: " if where else ""
    status = outcome.status.value
    if outcome.status is Status.FAIL:
        status = "fail" if report.counts(outcome) else outcome.severity.value
    head += f"{status} {outcome.code} {outcome.rule} {visible(outcome.subject)}"
    said = [visible(outcome.message)] if outcome.message else []
    if outcome.status is Status.SKIP and outcome.reason:
        said.append(f"skipped: {visible(outcome.reason)}")
    if outcome.status is Status.FAIL or verbosity > 1:
        said += [part for part in (numbers(outcome), power(outcome)) if part]
    if outcome.status is Status.ERROR and verbosity > 1 and outcome.reason:
        said.append(visible(outcome.reason))
    if outcome.status is Status.FAIL:
        said += [f"fix: {visible(outcome.fix)}"] if outcome.fix else []
    if outcome.status in (Status.FAIL, Status.ERROR) and report.reproduce:
        said.append(f"reproduce: {reproduction(report, [outcome.code])}")
    return f"{head}: {'; '.join(said)}" if said else head
