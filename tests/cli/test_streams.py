from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from embcheck.cli import streams


class Stream(io.StringIO):
    """A stream with an encoding, that may be a terminal."""

    def __init__(self, encoding: str | None = "utf-8", terminal: bool = False) -> None:
        super().__init__()
        self._encoding, self._terminal = encoding, terminal

    @property
    def encoding(self):  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", True), ("UTF8", True), ("utf_8_sig", True), ("UTF-16", True), ("cp1252", False), (None, False)],
)
def test_what_speaks_unicode(encoding: str | None, expected: bool) -> None:
    assert streams.speaks_unicode(Stream(encoding)) is expected


@pytest.mark.parametrize(
    ("encoding", "text", "expected"),
    [
        ("utf-8", "σ ≤ 2 · é \u2713", "σ ≤ 2 · é \u2713"),
        ("ascii", "σ ≤ 2 · N(0, 1²) é", r"sigma <= 2 | N(0, 1^2) \xe9"),
        ("cp1252", "é \u2713", r"é \u2713"),
        ("utf-8", "\udc80", r"\udc80"),
        (None, "é", r"\xe9"),
    ],
)
def test_whatever_a_stream_cannot_show_is_spelled_out(encoding: str | None, text: str, expected: str) -> None:
    shown = streams.printable(text, Stream(encoding))
    assert shown == expected
    shown.encode(encoding or "ascii")


@pytest.mark.parametrize(
    ("terminal", "flag", "environ", "expected"),
    [
        (False, "auto", {}, False),
        (True, "auto", {}, True),
        (True, "auto", {"TERM": "dumb"}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (False, "auto", {"FORCE_COLOR": ""}, False),
        (True, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
        (True, "never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(terminal: bool, flag: str, environ: dict, expected: bool) -> None:
    assert streams.style(Stream(terminal=terminal), flag, 0, environ).color is expected


@pytest.mark.parametrize(
    ("terminal", "environ", "expected"),
    [
        (False, {}, None),
        (True, {}, 80),  # a terminal that will not say its size
        (False, {"COLUMNS": "132"}, 132),
        (True, {"COLUMNS": "132"}, 132),
        (False, {"COLUMNS": "wide"}, None),
        (False, {"COLUMNS": "0"}, None),
        (False, {"COLUMNS": "-5"}, None),
    ],
)
def test_width(terminal: bool, environ: dict, expected: int | None) -> None:
    assert streams.style(Stream(terminal=terminal), "auto", 0, environ).width == expected


def test_ascii_follows_the_encoding() -> None:
    assert streams.style(Stream("cp1252"), "auto", 0, {}).ascii
    assert not streams.style(Stream("utf-8"), "auto", 0, {}).ascii


def test_prints_of_a_model_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with streams.diverted():
        print("from the model")
    print("the report")
    assert capsys.readouterr() == ("the report\n", "from the model\n")


def test_even_prints_from_c_and_children_go_to_stderr() -> None:
    code = """
import ctypes, os, subprocess, sys
from embcheck.cli import streams
try:
    with streams.diverted():
        subprocess.run(["echo", "from a child"], check=True)
        ctypes.CDLL(None).puts(b"from c, buffered")
        raise RuntimeError
except RuntimeError:
    print("the report")
"""
    root = Path(streams.__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert (done.stdout, done.stderr) == ("the report\n", "from a child\nfrom c, buffered\n")


def test_say_survives_a_closed_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    streams.say("x")
