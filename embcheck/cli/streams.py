"""What stdout and stderr can show: encoding, colour and width, and who may write to them during a run."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

from embcheck.reporters.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# signs of the field that have a plain spelling; anything else that a stream cannot show becomes an escape
_PLAIN = str.maketrans({
    "·": "|", "×": "x", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "–": "-", "—": "-", "−": "-",
    "…": "...", "√": "sqrt", "σ": "sigma", "μ": "mu", "χ": "chi", "ξ": "xi", "α": "alpha", "²": "^2", "ᵀ": "^T",
    "∞": "inf", "’": "'", "“": '"', "”": '"', "─": "-",
})  # fmt: skip


def speaks_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has every character."""
    return (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "").replace("_", "").startswith("utf")


def printable(text: str, stream: TextIO) -> str:
    """The text with what the stream cannot encode spelled out or escaped; it can be written without an error."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


def say(line: str) -> None:
    """One line for the person, on stderr; a stderr that is gone is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(printable(line, sys.stderr) + "\n")
        sys.stderr.flush()


def style(stream: TextIO, color: str, verbosity: int, environ: Mapping[str, str] | None = None) -> Style:
    """How to draw on this stream. `color` (auto, always, never) goes before NO_COLOR, that before FORCE_COLOR.

    Off a terminal the width is unbounded unless COLUMNS says otherwise.
    """
    variables = os.environ if environ is None else environ
    terminal = stream.isatty()
    if color == "auto":
        if variables.get("NO_COLOR"):
            colored = False
        elif variables.get("FORCE_COLOR"):
            colored = True
        else:
            colored = terminal and variables.get("TERM", "") != "dumb"
    else:
        colored = color == "always"
    return Style(_width(stream, terminal, variables), colored, not speaks_unicode(stream), verbosity)


def _width(stream: TextIO, terminal: bool, variables: Mapping[str, str]) -> int | None:
    columns = variables.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and 0 < int(columns) < 10**6:
        return int(columns)
    if not terminal:
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


@contextlib.contextmanager
def diverted() -> Iterator[None]:
    """While a model runs, whatever it prints goes to stderr: from Python, from C and from child processes."""
    replaced = sys.stdout is not sys.__stdout__
    if replaced or not _has_descriptor(sys.stdout) or not _has_descriptor(sys.stderr):
        with contextlib.redirect_stdout(sys.stderr):
            yield
        return
    sys.stdout.flush()
    number = sys.stdout.fileno()
    kept = os.dup(number)
    try:
        os.dup2(sys.stderr.fileno(), number)
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        # what C code still buffers for stdout must not appear in the report
        _flush_c()
        sys.stderr.flush()
        os.dup2(kept, number)
        os.close(kept)


def _has_descriptor(stream: TextIO) -> bool:
    try:
        return stream.fileno() >= 0
    except (OSError, ValueError, AttributeError):
        return False


def _flush_c() -> None:
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).fflush(None)


def abandon_stdout() -> None:
    """The reader has gone (`| head`): let nothing complain, now or when the interpreter flushes at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
