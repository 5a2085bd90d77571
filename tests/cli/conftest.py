"""The command line in process, with `init_stats` replaced by a handmade report: no torch, no seconds."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from embcheck.cli.app import main
from embcheck.results import Location, Outcome, Report, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAILED = Outcome(
    "EMB101", "padding-row-not-zero", "emb.weight[0]", Status.FAIL, Severity.ERROR, "The padding row is not zero.",
    measured=0.98, expected=0.0, allowed=0.0, n=64, fix="emb.weight.data[0].zero_()", location=Location("net.py", 12),
)  # fmt: skip
PASSED = Outcome("INI119", "wrong-gain", "tanh", Status.PASS, Severity.ERROR, "The gain is 5/3.")


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, and no variable that shapes the output."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def embcheck(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run `embcheck ARGUMENTS...` and give back exit code and streams."""

    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        streams = capsys.readouterr()
        return Done(int(left.value.code or 0), streams.out, streams.err)

    return run


@pytest.fixture
def given() -> Report:
    """One failure and one pass."""
    return Report(
        "init-stats", None, (FAILED, PASSED), reproduce="embcheck init-stats --seed 0", duration=0.5,
        environment={"torch": "2.13.0", "device": "cpu"},
    )  # fmt: skip


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, given: Report) -> Callable[..., None]:
    """Replace what `embcheck init-stats` runs: by a function, or by one that returns `given`."""

    def replace(function: Callable[..., Report] = lambda **_: given) -> None:
        module = ModuleType("embcheck.commands.init_stats")
        module.init_stats = function  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)

    replace()
    return replace


@pytest.fixture
def calls(command: Callable[..., None], given: Report) -> list[dict[str, Any]]:
    """The keyword arguments of each call of the replaced command."""
    seen: list[dict[str, Any]] = []

    def record(**kwargs: Any) -> Report:
        seen.append(kwargs)
        return given

    command(record)
    return seen
