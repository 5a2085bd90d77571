"""What every command does around its work: outputs, stray prints, ignores, baseline, exit code."""

from __future__ import annotations

import gc
import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from embcheck import baseline, configuration, ignores
from embcheck.cli import output, progress, streams
from embcheck.errors import UsageError
from embcheck.reporters import render
from embcheck.reporters.style import Style

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
    # importing torch makes a million objects and hardly any garbage: look for cycles a hundred times less often
    gc.set_threshold(100_000, 50, 100)
    with progress.clock(settings.progress), streams.diverted():
        try:
            report = command()
        except SystemExit as error:
            raise UsageError(
                f"The target called sys.exit({error.code!r}) while it was built: guard its script part with "
                '`if __name__ == "__main__":`.'
            ) from error
    report = ignores.apply(_configured(report, settings), settings)
    report = baseline.apply(report, settings, accepted)
    code = report.exit_code
    rank = _rank()
    if rank:
        _report_rank(report, rank, settings)
        raise typer.Exit(code)
    if settings.write_baseline:
        output.write(Path(settings.baseline or ""), baseline.document(report, settings, accepted))
    try:
        output.publish(report, settings, places)
    except BrokenPipeError:
        streams.abandon_stdout()
    raise typer.Exit(code)


def _configured(report: Report, settings: Settings) -> Report:
    """With `--config` in the line that reproduces it, where the search from here would not find the file."""
    try:
        found = str(configuration.find(Path.cwd()) or "")
    except UsageError:  # another file, which was not asked for, is broken
        found = ""
    if not report.reproduce or settings.source in {"", found}:
        return report
    return replace(report, reproduce=f"{report.reproduce} --config {shlex.quote(settings.source)}")


def _rank() -> int:
    """Which process of a torchrun job this is; 0 also where there is only one."""
    rank, size = os.environ.get("RANK", ""), os.environ.get("WORLD_SIZE", "")
    return int(rank) if rank.isdecimal() and size.isdecimal() and int(size) > 1 else 0


def _report_rank(report: Report, rank: int, settings: Settings) -> None:
    """Every rank checks and exits with its own code; reports are rank 0's, the others only say what failed."""
    if report.exit_code and settings.verbosity > -2:
        for line in render("text", report, Style(verbosity=-1)).splitlines():
            streams.say(f"[rank {rank}] {line}")
