"""What every format that people read says in the same words."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from embcheck.reporters.names import visible
from embcheck.reporters.places import from_here
from embcheck.results import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embcheck.results import Outcome, Report


def number(value: Any) -> str:
    """Four significant digits, zeros too where they were rounded to; whole numbers in full; a dash for None.

    So 0.02 is 0.02, and 1.00003 is 1.000: a reader sees which of the two was exact.
    """
    if value is None:
        return "-"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return visible(str(value))
    if isinstance(value, int):
        return f"{value:,}"
    if math.isfinite(value) and value == int(value) and abs(value) < 1e6:
        return str(int(value))
    short = f"{value:.4g}"
    return short if float(short) == value else f"{value:#.4g}".rstrip(".")


def numbers(outcome: Outcome) -> str:
    """How much, and how much was allowed: ``measured 0.98, expected 0, allowed 0, n = 64``; empty if nothing is."""
    parts = [
        f"{word} {number(value)}"
        for word, value in (
            ("measured", outcome.measured),
            ("expected", outcome.expected),
            ("allowed", outcome.allowed),
        )
        if value is not None
    ]
    parts += [
        f"{word} = {number(value)}"
        for word, value in (("p", outcome.p_value), ("effect", outcome.effect), ("n", outcome.n))
        if value is not None
    ]
    return ", ".join(parts)


def power(outcome: Outcome) -> str:
    """The smallest error that would have been caught, or nothing for a check that is certain."""
    if outcome.detectable is None:
        return ""
    size = f" at n = {number(outcome.n)}" if outcome.n is not None else ""
    return f"smallest error that would have been caught{size}: {number(outcome.detectable)}"


def place(outcome: Outcome) -> str:
    """``net.py:12``, or nothing where no file is known."""
    if outcome.location is None:
        return ""
    location = from_here(outcome.location)
    return f"{visible(location.path)}:{location.line}"


def reproduction(report: Report, codes: Iterable[str]) -> str:
    """The command that shows these outcomes again: the run's own, narrowed to their rules.

    Fewer rules are corrected for fewer tests and draw the same numbers, so what failed fails again.
    """
    wanted = sorted(set(codes))
    if not report.reproduce or not wanted:
        return visible(report.reproduce)
    rest = re.sub(r" --(?:extend-)?select[= ]\S+", "", report.reproduce)
    return visible(f"{rest} --select {','.join(wanted)}")


def tally(report: Report) -> str:
    """``1 failed, 41 passed, 2 skipped``: failures that do not fail the run are counted by their severity."""
    count = {status: sum(o.status is status for o in report.outcomes) for status in Status}
    counting = sum(report.counts(o) for o in report.outcomes)
    parts = [(counting, "failed"), (count[Status.ERROR], "crashed")]
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
        below = sum(o.severity is severity and not report.counts(o) for o in report.failed)
        parts.append((below, severity.value if below == 1 else f"{severity.value}s"))
    parts += [(count[Status.PASS], "passed"), (count[Status.SKIP], "skipped")]
    return ", ".join(f"{n} {word}" for n, word in parts if n) or "nothing found"


def closing(report: Report) -> list[str]:
    """The last lines of a report: how it ended, and what to type to see it again."""
    lines = [f"{tally(report)} in {report.duration:.1f} s (exit {report.exit_code})"]
    again = reproduction(report, (o.code for o in report.outcomes if o.status in (Status.FAIL, Status.ERROR)))
    return [*lines, f"reproduce: {again}"] if again else lines


def shown(report: Report, verbosity: int) -> list[Outcome]:
    """The outcomes that a person asked to see, in the order of the run."""
    if verbosity < -1:
        return []
    hidden = {Status.PASS, Status.SKIP} if verbosity < 0 else {Status.PASS} if verbosity == 0 else set()
    return [o for o in report.outcomes if o.status not in hidden]


def headline(report: Report) -> str:
    """What ran on what: ``embcheck audit net:make · torch 2.13.0 · cpu · seed 0``."""
    environment = report.environment
    parts = [f"embcheck {report.command}" + (f" {report.target}" if report.target else "")]
    if environment.get("torch"):
        parts.append(f"torch {environment['torch']}")
    parts += [str(environment[key]) for key in ("device", "dtype") if environment.get(key)]
    return visible(" · ".join([*parts, f"seed {report.seed}"]))
