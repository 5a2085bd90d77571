"""Where reports go: FORMAT[=PATH], checked before the run starts, written after it."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from embcheck.cli import streams
from embcheck.errors import UsageError
from embcheck.reporters import FORMATS, render
from embcheck.reporters.names import encodable
from embcheck.reporters.style import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embcheck.results import Report
    from embcheck.settings import Settings


@dataclass(frozen=True)
class Output:
    """One rendering; without a path it goes to stdout."""

    form: str
    path: Path | None = None


def outputs(wanted: Sequence[str], default: str = "rich") -> tuple[Output, ...]:
    """Read every FORMAT[=PATH], and make sure that each path can be written without touching what stands there.

    Raises:
        UsageError: an unknown format, two reports for one place, or a place that cannot be written.
    """
    found = tuple(_output(spec) for spec in wanted) or (Output(default),)
    places: set[str] = set()
    for output in found:
        if output.path is not None:
            check_writable(output.path)
        place = "stdout" if output.path is None else os.path.realpath(output.path)
        if place in places and place != os.devnull:
            raise UsageError(f"Two reports would go to {output.path or 'stdout'}: give one of them -o FORMAT=PATH.")
        places.add(place)
    return found


def _output(spec: str) -> Output:
    form, equals, path = spec.partition("=")
    if form not in FORMATS:
        near = get_close_matches(form, FORMATS, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(FORMATS)}."
        raise UsageError(f"{form!r} is no output format: {hint}")
    if equals and not path:
        raise UsageError(f"-o {spec} has no path after the equals sign: write -o {form} for stdout.")
    return Output(form, None if path in ("", "-") else Path(path))


def check_writable(path: Path) -> None:
    """Make sure that a file could be written there; nothing is created, changed or emptied.

    Raises:
        UsageError: it could not.
    """
    try:
        if path.is_dir():
            raise UsageError(f"Cannot write {path}: it is a folder.")
        if path.exists():
            _check_existing(path)
            return
        parent = Path(os.path.realpath(path)).parent
        if not parent.is_dir():
            raise UsageError(f"Cannot write {path}: there is no folder {parent}; create it first.")
        with tempfile.TemporaryFile(dir=parent):
            pass
        _check_name(parent, path.name)
    except (OSError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.") from None


def _check_existing(path: Path) -> None:
    if stat.S_ISREG(path.stat().st_mode):
        with path.open("ab"):
            return
    if not os.access(path, os.W_OK):  # a device or a pipe: opening it would already act
        raise UsageError(f"Cannot write {path}: permission denied.")


def _check_name(parent: Path, name: str) -> None:
    """A name that the file system refuses (too long, say) raises here; that nothing is there is expected."""
    try:
        os.lstat(parent / name)
    except FileNotFoundError:
        return


def publish(report: Report, settings: Settings, to: Sequence[Output]) -> None:
    """Write the report to every place asked for.

    If only files were asked for, the closing lines go to stderr, so that a log says how the run ended.

    Raises:
        UsageError: a file cannot be written after all.
        BrokenPipeError: the reader of stdout has gone.
    """
    for output in to:
        if output.path is not None:
            write(output.path, render(output.form, report, Style(verbosity=max(0, settings.verbosity))))
    if all(output.path is not None for output in to):
        if settings.verbosity > -2:
            from embcheck.reporters.sentences import closing

            for line in closing(report):
                streams.say(line)
        return
    for output in to:
        if output.path is None:
            style = streams.style(sys.stdout, settings.color, settings.verbosity)
            text = render(output.form, report, style)
            sys.stdout.write(streams.printable(text, sys.stdout))
            sys.stdout.flush()


def write(path: Path, text: str) -> None:
    """Write a whole text, UTF-8 with plain line ends, in one go.

    The summary file of a GitHub step is added to, as everything that writes to it does.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        shared = os.environ.get("GITHUB_STEP_SUMMARY")
        with path.open("ab" if shared and Path(shared) == path else "wb") as file:
            file.write(encodable(text).encode("utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot write {path}: {error.strerror or error}.") from None
