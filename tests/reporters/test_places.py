from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from embcheck.reporters import render
from embcheck.reporters.places import ANYWHERE, from_here, in_tree
from embcheck.results import Location, Outcome, Report, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def at(path: str, line: int = 3) -> Outcome:
    return Outcome("EMB101", "a-rule", "w", Status.FAIL, Severity.ERROR, location=Location(path, line))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (lambda here: here / "pkg" / "net.py", "pkg/net.py"),
        (lambda here: "pkg/net.py", "pkg/net.py"),
        (lambda here: "../net.py", "../net.py"),
        (lambda here: "/usr/lib/net.py", "/usr/lib/net.py"),
        (lambda here: "", ""),
    ],
)
def test_a_path_is_shown_from_here(here: Path, path: Callable[[Path], object], shown: str) -> None:
    assert from_here(Location(str(path(here)), 7)) == Location(shown, 7)


def test_reports_of_two_machines_agree(here: Path) -> None:
    report = Report("audit", None, (at(str(here / "net.py")),))
    assert json.loads(render("json", report))["outcomes"][0]["location"] == {"path": "net.py", "line": 3}
    assert render("text", report).startswith("net.py:3: fail")


def test_a_link_that_leads_outside_is_anywhere(here: Path) -> None:
    (here / "link").symlink_to("/usr")
    assert in_tree(at("link/net.py")) is ANYWHERE


def test_a_windows_path_becomes_posix(here: Path) -> None:
    assert in_tree(at("pkg\\net.py")) == Location("pkg/net.py", 3)


def test_no_location_is_anywhere(here: Path) -> None:
    assert in_tree(replace(at("x"), location=None)) is ANYWHERE
