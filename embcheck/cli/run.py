"""What every command does around its work: outputs, stray prints, ignores, baseline, exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from embcheck import baseline, ignores
from embcheck.cli import output, progress, streams
from embcheck.errors import UsageError
from embcheck.results import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from embcheck.results import Report
    from embcheck.settings import Settings


def execute(settings: Settings, command: Callable[[], Report]) -> None:
    """Run `command` and print its report. All that can be refused is refused before `command` is called.

    Raises:
        UsageError: an output or a baseline that cannot be used, or the command refused its input.
        typer.Exit: always otherwise, with the report's exit code.
    """
    places = output.outputs(settings.output)
    accepted = baseline.prepare(settings)
    if settings.write_baseline:
        output.check_writable(Path(settings.baseline or ""))
    with progress.clock(settings.progress), streams.diverted():
        try:
            report = command()
        except SystemExit as error:
            raise UsageError(
                f"The target called sys.exit({error.code!r}) while it was built: guard its script part with "
                '`if __name__ == "__main__":`.'
            ) from error
    report = ignores.apply(report, settings)
    report = baseline.apply(report, settings, accepted)
    code = report.exit_code
    if settings.write_baseline:
        output.write(Path(settings.baseline or ""), baseline.document(report, settings))
    try:
        output.publish(report, settings, places)
    except BrokenPipeError:
        streams.abandon_stdout()
    raise typer.Exit(code if code in set(ExitCode) else int(ExitCode.CRASH))
