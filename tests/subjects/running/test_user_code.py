"""What user code finds, what it may not leave behind, and what is said when it fails."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import pytest

from embcheck.subjects.running.user_code import first_line, importable, parsing, raised_at, told

if TYPE_CHECKING:
    from pathlib import Path


def test_the_working_directory_is_importable_and_no_longer_than_that(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    with importable():
        assert {str(tmp_path), ""} & set(sys.path)
    assert sys.path == before


def test_flags_of_ours_are_no_business_of_the_user_s_parser(monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["embcheck", "audit", "net:make"])
    with importable():
        assert argparse.ArgumentParser().parse_args() == argparse.Namespace()
        sys.argv.append("changed")
    assert sys.argv == ["embcheck", "audit", "net:make"]


def test_streams_that_are_taken_away_come_back() -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    with importable():
        sys.stdin = sys.stdout = sys.stderr = None  # type: ignore[assignment]
    assert (sys.stdin, sys.stdout, sys.stderr) == before


def test_a_stream_that_is_closed_is_opened_again(tmp_path: Path, monkeypatch) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        monkeypatch.setattr(sys, "stderr", log)
        with importable():
            sys.stdout.close()  # which is stderr meanwhile
        assert log.closed
        assert not sys.stderr.closed
        assert not sys.stdout.closed


def test_the_line_in_the_working_tree_is_named(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "user_wide.py").write_text("import json\ndef make():\n    return json.loads('{')\n")
    monkeypatch.chdir(tmp_path)
    with importable():
        import user_wide  # type: ignore[import-not-found]

        with pytest.raises(ValueError, match="Expecting") as caught:
            user_wide.make()
    sys.modules.pop("user_wide")
    assert raised_at(caught.value) == "user_wide.py:3"  # and not the line of json that raised
    assert told(caught.value).endswith("(char 1) (at user_wide.py:3).")


def test_an_error_without_a_traceback_has_no_place() -> None:
    assert told(ValueError("no.")) == "ValueError: no."
    assert first_line(ValueError()) == "no message."


def test_a_program_that_reads_its_command_line_is_recognised() -> None:
    with pytest.raises(SystemExit) as caught:
        argparse.ArgumentParser(exit_on_error=True).parse_args(["--nonsense"])
    assert parsing(caught.value) == " (it parses the command line)"
    assert not parsing(SystemExit(2))
