from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from embcheck.pytest_plugin import assert_sound
from embcheck.results import Outcome, Report, Severity, Status

ROOT = Path(__file__).parent.parent
FAILED = Outcome(
    "EMB101", "padding-row-not-zero", "emb.weight[0]", Status.FAIL, Severity.ERROR, "The padding row is not zero."
)


def report(*outcomes: Outcome) -> Report:
    return Report("audit", None, outcomes, reproduce="embcheck audit net:make", duration=0.5)


def test_a_sound_report_is_given_back() -> None:
    sound = report(Outcome("EMB101", "padding-row-not-zero", "w", Status.PASS, Severity.ERROR))
    assert assert_sound(sound) is sound


def test_a_failure_shows_the_outcomes() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_sound(report(FAILED))
    assert str(caught.value) == (
        "embcheck: not sound\n\n"
        "FAIL EMB101 padding-row-not-zero emb.weight[0]\n"
        "  The padding row is not zero.\n"
        "  reproduce: embcheck audit net:make --select EMB101\n\n"
        "1 failed in 0.5 s (exit 1)\n"
        "reproduce: embcheck audit net:make --select EMB101\n"
    )


def test_a_crashed_check_is_not_sound() -> None:
    with pytest.raises(AssertionError, match="CRASH EMB101"):
        assert_sound(report(Outcome("EMB101", "padding-row-not-zero", "w", Status.ERROR, Severity.ERROR)))


def test_the_fixture_in_a_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n[tool.embcheck]\nselect = ['EMB101']\n")
    (tmp_path / "test_net.py").write_text(
        dedent("""
        import torch

        def make(filled=False):
            table = torch.nn.Embedding(50, 16, padding_idx=0)
            if filled:
                torch.nn.init.normal_(table.weight)
            return table

        def test_sound(embcheck):
            assert embcheck(make).command == "audit"

        def test_filled(embcheck):
            embcheck(lambda: make(filled=True))

        def test_select_reaches_the_audit(embcheck):
            assert {o.code for o in embcheck(make).outcomes} <= {"EMB101"}
        """)
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:embcheck", "-p", "embcheck.pytest_plugin", "-q", "-p",
               "no:cacheprovider"]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "FAIL EMB101 padding-row-not-zero" in done.stdout
    assert "fix: " in done.stdout
    assert "pytest_plugin.py" not in done.stdout  # the traceback ends in the user's test


def test_the_plugin_is_light_and_announced() -> None:
    code = "import sys, embcheck.pytest_plugin; print('torch' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
    assert '[project.entry-points.pytest11]\nembcheck = "embcheck.pytest_plugin"\n' in (
        ROOT / "pyproject.toml"
    ).read_text(encoding="utf-8")
