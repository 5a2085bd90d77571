"""`embcheck explain CODE`: the page of a rule, read from its source without importing it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help="By code, prefix or name: EMB101, EMB.")],
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list of objects.")] = False,
) -> None:
    """Print the page of a rule.

    What it checks, why it matters, how it decides, how to fix what it finds, and an example.
    """
    from embcheck.cli.streams import printable
    from embcheck.rules import matching

    wanted = dict.fromkeys(rule for code in codes for rule in matching(code))
    if as_json:
        import json

        rows = [
            {
                "code": r.code,
                "name": r.name,
                "severity": r.severity.value,
                "title": r.title,
                "sections": sections(r.page),
            }
            for r in wanted
        ]
        text = json.dumps(rows, indent=1, ensure_ascii=False)
    else:
        pages = (f"# {r.code} {r.name} ({r.severity.value})\n\n{r.page.strip()}" for r in wanted)
        text = "\n\n".join(pages)
    sys.stdout.write(printable(text + "\n", sys.stdout))


def sections(page: str) -> dict[str, str]:
    """The page's `## ` headings and what stands under each, in order."""
    found: dict[str, str] = {}
    for part in page.split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        found[heading.strip()] = body.strip()
    return found
