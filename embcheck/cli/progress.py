"""A clock on stderr for runs that take longer than a second."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 1.0
"""Seconds before anything is shown."""

_done = ""


def tell(done: int, total: int) -> None:
    """How far a long sweep has come; shown beside the clock, if it is shown at all."""
    global _done
    _done = f", {done} of {total} passes"


@contextlib.contextmanager
def clock(wanted: bool) -> Iterator[None]:
    """Show how long the run has taken, while it runs; only if stderr is a terminal, and gone without a trace."""
    global _done
    _done = ""
    stream = sys.stderr
    if not (wanted and stream.isatty() and os.environ.get("TERM") != "dumb"):
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_tick, args=(stream, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tick(stream: TextIO, done: threading.Event) -> None:
    if done.wait(PATIENCE):
        return
    seconds = PATIENCE
    while True:
        with contextlib.suppress(OSError, ValueError):
            stream.write(f"\rchecking, {seconds:.0f} s{_done} ")
            stream.flush()
        if done.wait(1.0):
            break
        seconds += 1
    with contextlib.suppress(OSError, ValueError):
        stream.write("\r" + " " * (24 + len(_done)) + "\r")
        stream.flush()
