"""`embcheck convert report.json -o sarif=x.sarif`: a saved report in another format, without torch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embcheck.cli.options import PRINTING, takes_settings

if TYPE_CHECKING:
    from embcheck.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("convert")(takes_settings(convert, shared=PRINTING))


def convert(
    settings: Settings,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="What `-o json=REPORT` wrote; - for stdin.")],
) -> None:
    """Render a saved JSON report again.

    Exits with 0 whatever the report says.
    """
    from embcheck.cli import output, streams
    from embcheck.errors import UsageError
    from embcheck.reporters.json import parse

    places = output.outputs(settings.output)
    try:
        data = sys.stdin.buffer.read() if report == "-" else Path(report).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UsageError(f"Cannot read {report}: {getattr(error, 'strerror', None) or error}.") from None
    try:
        output.publish(parse(text, report), settings, places)
    except BrokenPipeError:
        streams.abandon_stdout()
