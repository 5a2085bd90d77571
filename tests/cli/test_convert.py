from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest


@pytest.fixture
def saved(embcheck, command) -> str:
    assert embcheck("init-stats", "-o", "json=report.json").code == 1
    return "report.json"


@pytest.mark.parametrize("form", ["rich", "text", "json", "junit", "sarif", "github", "markdown", "html"])
def test_a_saved_report_reads_as_the_run_did(embcheck, saved: str, form: str) -> None:
    assert embcheck("convert", saved, "-o", form) == (0, embcheck("init-stats", "-o", form).out, "")


def test_rich_by_default_and_verbosity_counts(embcheck, saved: str) -> None:
    assert embcheck("convert", saved, "-v").out == embcheck("init-stats", "-v").out


def test_into_files(embcheck, saved: str) -> None:
    code, out, _ = embcheck("convert", saved, "-o", "sarif=x.sarif", "-o", "junit=x.xml")
    assert (code, out) == (0, "")
    assert json.loads(Path("x.sarif").read_text())["runs"]
    assert Path("x.xml").exists()


def test_from_stdin(embcheck, saved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(saved).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + data)))
    assert embcheck("convert", "-", "-o", "text").out == embcheck("convert", saved, "-o", "text").out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Cannot read r.json: No such file or directory."),
        (b"\xff\xfe", "Cannot read r.json: 'utf-8' codec can't decode"),
        (b"{", "r.json is not JSON"),
        (b"{}", "r.json is JSON but no report of embcheck"),
    ],
)
def test_what_is_no_report_is_a_mistake(embcheck, content: bytes | None, said: str) -> None:
    if content is not None:
        Path("r.json").write_bytes(content)
    code, out, err = embcheck("convert", "r.json", "-o", "text=out.txt")
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not Path("out.txt").exists()
