from __future__ import annotations

import io
import sys
import time

import pytest

from embcheck.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setenv("TERM", "xterm")


def wait_for(stream: io.StringIO, said: str) -> None:
    deadline = time.monotonic() + 30
    while said not in stream.getvalue():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_long_run_shows_a_clock_that_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress.clock(wanted=True):
        wait_for(terminal, "checking, ")
    assert terminal.getvalue().endswith("\r" + " " * 24 + "\r")
    assert "\n" not in terminal.getvalue()


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", 60.0)
    with progress.clock(wanted=True):
        pass
    assert terminal.getvalue() == ""


def test_a_crash_stops_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    def crash() -> None:
        with progress.clock(wanted=True):
            wait_for(terminal, "checking, ")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    size = len(terminal.getvalue())
    time.sleep(0.1)
    assert len(terminal.getvalue()) == size


@pytest.mark.parametrize("reason", ["not wanted", "no terminal", "dumb", "forced colour"])
def test_never_where_it_would_disturb(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    stream = io.StringIO() if reason in ("no terminal", "forced colour") else Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    if reason == "forced colour":
        monkeypatch.setenv("FORCE_COLOR", "1")
    if reason == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    with progress.clock(wanted=reason != "not wanted"):
        time.sleep(0.15)
    assert stream.getvalue() == ""
