"""Running what the user wrote: where it may import from, what it may leave behind, and what is said when it fails."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = str(Path(__file__).parents[2])


@contextlib.contextmanager
def importable() -> Iterator[None]:
    """The working directory can be imported from, as `python -m` has it, and what is printed goes to stderr."""
    here = str(Path.cwd())
    added = here not in sys.path and "" not in sys.path
    if added:
        sys.path.insert(0, here)
    try:
        with _kept(), contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        if added and here in sys.path:
            sys.path.remove(here)


@contextlib.contextmanager
def _kept() -> Iterator[None]:
    """User code finds no flags of ours in `sys.argv`, and the standard streams are as before when it is done."""
    kept = {name: getattr(sys, name) for name in ("argv", "stdin", "stdout", "stderr")}
    closed = {name for name, stream in kept.items() if getattr(stream, "closed", False)}
    sys.argv = sys.argv[:1]
    try:
        yield
    finally:
        for name, value in kept.items():
            shut = name not in closed and getattr(value, "closed", False)
            setattr(sys, name, _opened_again(name, value) if shut else value)


def _opened_again(name: str, stream: Any) -> Any:
    """A standard stream that somebody closed: its descriptor is open still, unless that was closed as well."""
    if stream is sys.__stdin__ or name == "stdin":
        return Path(os.devnull).open(encoding="utf-8")
    number = 2 if stream is sys.__stderr__ or name == "stderr" else 1
    try:
        return open(number, "w", encoding=stream.encoding, errors=stream.errors, closefd=False)
    except (OSError, ValueError):
        return Path(os.devnull).open("w", encoding="utf-8")


def first_line(error: BaseException) -> str:
    """The first line of an error's message, as the end of a sentence."""
    line = (str(error).strip().splitlines() or ["no message"])[0][:300]
    return line if line.endswith(".") else line + "."


def told(error: BaseException) -> str:
    """``ValueError: bad width (at net.py:12).``: what was raised, and the line of the user's code that led to it."""
    said = f"{type(error).__name__}: {first_line(error)}"
    place = raised_at(error)
    return f"{said[:-1]} (at {place})." if place else said


def raised_at(error: BaseException) -> str:
    """The innermost line of the working tree that the error passed through, or else the innermost of all; "" where it
    was raised by embcheck itself."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith((_OURS, "<"))]
    here = f"{Path.cwd()}{os.sep}"
    own = [f for f in frames if f.filename.startswith(here) and "site-packages" not in f.filename]
    if not frames:
        return ""
    last = (own or frames)[-1]
    return f"{last.filename.removeprefix(here)}:{last.lineno}"


def parsing(error: SystemExit) -> str:
    """A word on programs that read their command line, which is ours now."""
    names = {Path(f.filename).name for f in traceback.extract_tb(error.__traceback__)}
    return " (it parses the command line)" if "argparse.py" in names else ""
