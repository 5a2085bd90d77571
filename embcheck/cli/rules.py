"""`embcheck rules`: the table, without importing a single check."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules")(rules)


def rules(
    prefixes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="Only these, by code, prefix or name.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list of objects.")] = False,
) -> None:
    """List the rules: code, name, severity, title."""
    from embcheck.cli.streams import printable
    from embcheck.rules import RULES, matching

    wanted = dict.fromkeys(rule for prefix in prefixes for rule in matching(prefix)) if prefixes else RULES
    found = [(rule.code, rule.name, rule.severity.value, rule.title) for rule in wanted]
    if as_json:
        import json

        keys = ("code", "name", "severity", "title")
        text = json.dumps([dict(zip(keys, row, strict=True)) for row in found], indent=1, ensure_ascii=False)
    else:
        widths = [max(len(row[i]) for row in found) for i in range(3)]
        text = "\n".join("  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]) for row in found)
    sys.stdout.write(printable(text + "\n", sys.stdout))
