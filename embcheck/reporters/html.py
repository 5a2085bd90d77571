"""One self-contained page without scripts: verdict, failures with their rule's page, tables, the rest folded away."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from embcheck import __version__, rules
from embcheck.reporters.histogram import svg
from embcheck.reporters.names import visible
from embcheck.reporters.sentences import closing, headline, number, numbers, place, power, reproduction, tally
from embcheck.results import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from embcheck.reporters.style import Style
    from embcheck.results import Outcome, Report

_CSS = """
:root { color-scheme: light dark; --edge: #8884; --bad: #c62828; --odd: #b26a00; --good: #2e7d32; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
code, pre, td { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: #8881; padding: .6rem; border-radius: .4rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { border-bottom: 1px solid var(--edge); padding: .15rem .7rem; text-align: left; }
td.number { text-align: right; }
section { border-left: .3rem solid var(--edge); padding: .1rem 1rem; margin: 1rem 0; }
section.error { border-color: var(--bad); } section.warning { border-color: var(--odd); }
.pass { color: var(--good); } .fail, .error > h3 { color: var(--bad); } .warning > h3 { color: var(--odd); }
"""


def render(report: Report, style: Style | None = None) -> str:
    """The whole report, whatever the verbosity: a file is read later, by somebody else."""
    failing = [o for o in report.outcomes if o.status in (Status.FAIL, Status.ERROR)]
    failing.sort(key=lambda o: (o.status is not Status.ERROR, -o.severity.rank))
    verdict = "pass" if report.exit_code == 0 else "fail"
    title = _text(f"embcheck {report.command} {report.target or ''}".strip())
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_CSS}</style></head><body>",
        f"<h1>{title}</h1>",
        f'<p class="{verdict}"><strong>{_text(tally(report))}</strong></p>',
        f"<p>{_text(headline(report))}</p>",
        *(f"<p>{_text(note)}</p>" for note in report.notes),
        *(_failure(o, report) for o in failing),
        *(_table(name, rows) for name, rows in report.tables.items() if rows),
        _folded("skipped", [o for o in report.outcomes if o.status is Status.SKIP]),
        _folded("passed", [o for o in report.outcomes if o.status is Status.PASS]),
        f"<pre>{_text(chr(10).join(closing(report)), lines=True)}</pre>",
        f"<footer>embcheck {__version__}</footer></body></html>",
    ]
    page = "\n".join(filter(None, parts)) + "\n"
    return page.encode("ascii", "xmlcharrefreplace").decode() if style and style.ascii else page


def _failure(outcome: Outcome, report: Report) -> str:
    crashed = outcome.status is Status.ERROR
    head = f"{'crash' if crashed else outcome.severity.value} {outcome.code} {outcome.rule}"
    lines = [
        f'<section class="{"error" if crashed else outcome.severity.value}">',
        f"<h3>{_text(head)} <code>{_text(outcome.subject)}</code></h3>",
        f"<p>{_text(outcome.message)}</p>",
    ]
    lines += [f"<p>{_text(line)}</p>" for line in (numbers(outcome), power(outcome), place(outcome)) if line]
    if outcome.histogram:
        lines.append(svg(outcome.histogram))
    commands = [f"fix: {outcome.fix}"] if outcome.fix else []
    if report.reproduce:
        commands.append(f"reproduce: {reproduction(report, [outcome.code])}")
    if crashed:
        commands.append(outcome.reason)
    lines += [f"<pre>{_text(command, lines=True)}</pre>" for command in commands if command]
    page = next((rule.page for rule in rules.RULES if rule.code == outcome.code), "")
    if page:
        lines.append(f"<details><summary>About this rule</summary><pre>{_text(page, lines=True)}</pre></details>")
    return "\n".join([*lines, "</section>"])


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f"<th>{_text(str(key))}</th>" for key in keys)
    body = "\n".join("<tr>" + "".join(_cell(row.get(key)) for key in keys) + "</tr>" for row in rows)
    return f"<h2>{_text(name)}</h2><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _cell(value: Any) -> str:
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    shown = "x".join(map(str, value)) if isinstance(value, (list, tuple)) else number(value)
    return f'<td class="number">{_text(shown)}</td>' if numeric else f"<td>{_text(shown)}</td>"


def _folded(word: str, outcomes: list[Outcome]) -> str:
    if not outcomes:
        return ""
    rows = "\n".join(
        f"<tr><td>{_text(f'{o.code} {o.rule}')}</td><td>{_text(o.subject)}</td>"
        f"<td>{_text(o.reason if o.status is Status.SKIP else o.message)}</td></tr>"
        for o in outcomes
    )
    return f"<details><summary>{len(outcomes)} {word}</summary><table>\n{rows}\n</table></details>"


def _text(text: str, *, lines: bool = False) -> str:
    """Text and nothing but text; line ends stay only where they are meant."""
    return "\n".join(escape(visible(line)) for line in text.splitlines()) if lines else escape(visible(text))
