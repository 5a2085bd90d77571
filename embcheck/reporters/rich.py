"""Tables and failures for a person at a terminal. Nothing is ever cut: what does not fit is folded or stacked."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.text import Text

from embcheck.reporters.names import inert, visible
from embcheck.reporters.pictures import pictures
from embcheck.reporters.sentences import closing, headline, numbers, place, power, reproduction, shown
from embcheck.reporters.tables import HEAVY, tables
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report

# off a terminal: wider than any line, so that rich neither wraps nor cuts
UNBOUNDED = 1_000_000
FULL = 5
"""Failures of one rule and severity that are shown in full; what lies beyond is named."""
_NARROW = 24
"""Columns from which on a sentence can give two to its margin."""

_COLORS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def render(report: Report, style: Style) -> str:
    """Headline, tables, failures, skips, notes, closing lines; `-q` leaves the failures and the closing lines."""
    if style.verbosity < -1:
        return ""
    console = _console(style)
    if style.verbosity >= 0:
        _overview(console, report, style)
    outcomes = shown(report, style.verbosity)
    beyond = _beyond(outcomes) if style.verbosity <= 0 else {}
    for outcome in outcomes:
        if outcome.status in (Status.FAIL, Status.ERROR):
            alike = beyond.get(_kind(outcome), [])
            if not any(outcome is other for other in alike):
                _failure(console, outcome, report, style)
            elif outcome is alike[0]:
                _others(console, alike, report)
        elif style.verbosity > 0:
            _aside(console, outcome, style)
    if style.verbosity == 0:
        _skips(console, outcomes)
    if style.verbosity >= 0:
        for note in report.notes:
            _say(console, Text(f"note: {visible(note)}", style="cyan"))
    verdict, *rest = closing(report)
    _command(console, verdict, "bold green" if report.exit_code == 0 else "bold red")
    for line in rest:
        _command(console, line)
    drawn = cast("io.StringIO", console.file).getvalue()
    return inert(drawn if style.color else "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines()))


def _overview(console: Console, report: Report, style: Style) -> None:
    """The headline, and the tables and pictures that this verbosity shows."""
    _say(console, Text(headline(report), style="bold"))
    for name, rows in report.tables.items():
        wanted = style.verbosity > 0 or name not in HEAVY
        for drawn in tables(name, rows, style) if rows and wanted else ():
            _say(console, Text(""))
            if isinstance(drawn, str):
                console.file.write(drawn)
            else:
                console.print(drawn)
    for picture in pictures(report.tables, style):
        _say(console, Text(""))
        _say(console, picture)
    _say(console, Text(""))


def _console(style: Style) -> Console:
    """A console that asks the environment nothing: terminal, width and colour are the caller's decision."""
    return Console(
        file=io.StringIO(),
        width=style.width or UNBOUNDED,
        force_terminal=style.color,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        force_jupyter=False,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        safe_box=False,
    )


def _say(console: Console, text: Text) -> None:
    text.overflow = "fold"
    console.print(text, soft_wrap=console.width >= UNBOUNDED)


def _indented(console: Console, line: str) -> None:
    """A sentence two columns in, its further lines too."""
    if console.width >= UNBOUNDED or console.width < _NARROW:
        _say(console, Text(f"  {line}"))
        return
    for part in Text(line, overflow="fold").wrap(console, console.width - 2, overflow="fold"):
        console.print(Text("  ").append(part), soft_wrap=True)


def _command(console: Console, text: str, style: str = "") -> None:
    """A line that people copy: never broken, whatever the width; a terminal wraps it without a line end."""
    console.print(Text(text, style=style), soft_wrap=True)


def _failure(console: Console, outcome: Outcome, report: Report, style: Style) -> None:
    head = Text()
    head.append(_mark(outcome, report), style=_COLORS[outcome.severity])
    head.append(f" {outcome.code} {outcome.rule} ", style="bold")
    head.append(visible(outcome.subject), style="bold cyan")
    if outcome.location:
        head.append(f"  {place(outcome)}", style="dim")
    _say(console, head)
    lines = [visible(outcome.message), numbers(outcome), power(outcome)]
    if outcome.status is Status.ERROR and style.verbosity > 1:
        lines += [visible(line) for line in outcome.reason.splitlines()]
    for line in filter(None, lines):
        _indented(console, line)
    if outcome.fix:
        _command(console, f"  fix: {visible(outcome.fix)}")
    if report.reproduce:
        _command(console, f"  reproduce: {reproduction(report, [outcome.code])}")
    _say(console, Text(""))


def _kind(outcome: Outcome) -> tuple[str, Status, Severity]:
    return outcome.code, outcome.status, outcome.severity


def _beyond(outcomes: list[Outcome]) -> dict[tuple[str, Status, Severity], list[Outcome]]:
    """Of a rule that fails for many subjects alike, those that one line stands for."""
    kinds: dict[tuple[str, Status, Severity], list[Outcome]] = {}
    for o in outcomes:
        if o.status in (Status.FAIL, Status.ERROR):
            kinds.setdefault(_kind(o), []).append(o)
    return {kind: alike[FULL:] for kind, alike in kinds.items() if len(alike) > FULL + 1}


def _others(console: Console, alike: list[Outcome], report: Report) -> None:
    """Their names, the members of a stack as one."""
    first = alike[0]
    stacks: dict[str, list[str]] = {}
    for o in alike:
        stacks.setdefault(re.sub(r"\d+", "*", o.subject), []).append(o.subject)
    names = [
        visible(who[0] if len(who) == 1 else stack) + f" ×{len(who)}" * (len(who) > 1) for stack, who in stacks.items()
    ]
    head = Text()
    head.append(_mark(first, report), style=_COLORS[first.severity])
    head.append(f" {first.code} {first.rule} ", style="bold")
    head.append(f"{len(alike)} more (-v shows each)", style="bold cyan")
    _say(console, head)
    _indented(console, ", ".join(names))
    _say(console, Text(""))


def _mark(outcome: Outcome, report: Report) -> str:
    if outcome.status is Status.ERROR:
        return "CRASH"
    return "FAIL" if report.counts(outcome) else outcome.severity.upper()


def _aside(console: Console, outcome: Outcome, style: Style) -> None:
    """A pass or a skip on one line; with -vv also how it was decided."""
    line = Text(outcome.status.value, style="green" if outcome.status is Status.PASS else "yellow")
    line.append(f" {outcome.code} {outcome.rule} {visible(outcome.subject)}")
    said = outcome.reason if outcome.status is Status.SKIP else outcome.message
    if said:
        line.append(f": {visible(said)}")
    _say(console, line)
    if style.verbosity > 1:
        for detail in filter(None, (numbers(outcome), power(outcome))):
            _say(console, Text(f"  {detail}", style="dim"))


def _skips(console: Console, outcomes: list[Outcome]) -> None:
    """One line a rule and reason: two hundred subjects skipped for one reason are one fact.

    Failures that somebody accepted or ignores have a message: each of them is listed.
    """
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for o in outcomes:
        if o.status is Status.SKIP:
            single = o.subject if o.message else ""
            groups.setdefault((o.code, o.rule, o.reason, single), []).append(o.subject)
    for (code, rule, reason, _), subjects in groups.items():
        who = visible(subjects[0]) if len(subjects) == 1 else f"{len(subjects)} subjects (-v lists them)"
        _say(console, Text(f"skip {code} {rule} {who}: {visible(reason)}", style="yellow"))
    if groups:
        _say(console, Text(""))
