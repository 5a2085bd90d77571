"""A job summary in GitHub's Markdown: verdict, failures, passes folded away; always under 1 MiB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from embcheck.reporters.names import shortened, visible
from embcheck.reporters.sentences import closing, headline, numbers, place, power, reproduction, tally
from embcheck.results import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report

LIMIT = 1024 * 1024
"""Bytes that GitHub takes for a summary."""
_FAILURES = LIMIT * 3 // 4
"""Bytes for the failures; the rest is for what is folded away."""
_SPARE = 8192
_LONGEST = 2000
"""Characters of one sentence or name: a summary is for reading."""

# what Markdown, GitHub's extensions or HTML act on anywhere (a colon only where it could open an emoji or a URL), and
# what they act on at the start of a line
_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>&~|@#$^"!]|:(?! |$)|(?<=\bwww)\.|^[^\w]|(?<=^[0-9])[.)]|(?<=^[0-9]{2})[.)]""")


def render(report: Report, style: Style | None = None) -> str:  # noqa: ARG001 - one look for everybody
    """Headline, verdict, one section a failure, then skips and passes folded away."""
    mark = "✅" if report.exit_code == 0 else "❌"
    head = [f"## {mark} {text(tally(report))}", "", text(headline(report)), ""]
    failing = [o for o in report.outcomes if o.status in (Status.FAIL, Status.ERROR)]
    failing.sort(key=lambda o: (o.status is not Status.ERROR, -o.severity.rank))
    body = _fitting((_failure(o, report) for o in failing), len(failing), "failures", _FAILURES - _SPARE)
    tail = [f"- {text(note)}" for note in report.notes[:20]] + [""] * bool(report.notes)
    left = LIMIT - _SPARE - sum(len(part.encode()) + 1 for part in (*head, *body, *tail))
    for status, word in ((Status.SKIP, "skipped"), (Status.PASS, "passed")):
        members = [o for o in report.outcomes if o.status is status]
        if members and left > _SPARE:
            folded = _folded(members, word, left // 2 - 1024)
            tail += folded
            left -= sum(len(part.encode()) + 1 for part in folded)
    return "\n".join([*head, *body, *tail, "", *(f"{text(line)}  " for line in closing(report)), ""])


def _failure(outcome: Outcome, report: Report) -> str:
    mark = "CRASH" if outcome.status is Status.ERROR else outcome.severity.value
    where = f" at {code(place(outcome))}" if outcome.location else ""
    lines = [f"#### {mark} {text(outcome.code)} {text(outcome.rule)} {code(outcome.subject)}{where}", ""]
    lines += [f"{text(line)}  " for line in (outcome.message, numbers(outcome), power(outcome)) if line]
    if outcome.fix:
        lines.append(f"fix: {code(outcome.fix)}  ")
    if report.reproduce:
        lines.append(f"reproduce: {code(reproduction(report, [outcome.code]))}")
    return "\n".join([*lines, ""])


def _folded(outcomes: list[Outcome], word: str, budget: int) -> list[str]:
    rows = (f"| {text(o.code)} {text(o.rule)} | {code(o.subject)} | {text(o.reason or o.message)} |" for o in outcomes)
    return [
        f"<details><summary>{len(outcomes)} {word}</summary>",
        "",
        "| rule | subject | |",
        "|---|---|---|",
        *_fitting(rows, len(outcomes), word, budget),
        "",
        "</details>",
        "",
    ]


def _fitting(parts: Iterable[str], total: int, word: str, budget: int) -> list[str]:
    """As many parts as `budget` bytes hold, and a line that counts the rest."""
    kept: list[str] = []
    for part in parts:
        budget -= len(part.encode()) + 1
        if budget < 0:
            return [*kept, "", f"{total - len(kept)} more {word} are left out: the summary is limited to 1 MiB."]
        kept.append(part)
    return kept


def text(said: str) -> str:
    """A sentence with nothing that Markdown or HTML would act on: such signs become character references.

    An empty comment after ``@`` keeps a name from being mentioned.
    """
    return _SPECIAL.sub(_reference, shortened(visible(said), _LONGEST).strip())


def _reference(sign: re.Match[str]) -> str:
    return "&#64;<!-- -->" if sign[0] == "@" else f"&#{ord(sign[0])};"


def code(name: str) -> str:
    """A name or a command as code, with nothing that Markdown or HTML would act on."""
    return f"<code>{text(name).replace('<!-- -->', '')}</code>"
