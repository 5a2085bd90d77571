from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

import embcheck
from embcheck.cli.app import COMMANDS
from embcheck.errors import UsageError
from embcheck.results import Outcome, Report, Severity, Status


def test_version(embcheck) -> None:
    assert embcheck("--version") == (0, "embcheck 0.1.0\n", "")


def test_the_version_is_the_project_s() -> None:
    project = Path(embcheck.__file__).parent.parent / "pyproject.toml"
    table = re.search(r"\[project\](.*?)\n\[", project.read_text(encoding="utf-8"), re.DOTALL)
    assert table
    assert f'\nversion = "{embcheck.__version__}"\n' in table[1]


def test_nothing_asked_shows_the_help_and_is_a_mistake(embcheck) -> None:
    code, out, err = embcheck()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: embcheck [OPTIONS] COMMAND [ARGS]...\n")
    assert embcheck("--help") == (0, err, "")


@pytest.mark.usefixtures("command")
def test_failures_exit_with_1(embcheck) -> None:
    assert embcheck("init-stats", "-q") == (
        1,
        "FAIL EMB101 padding-row-not-zero emb.weight[0]  net.py:12\n"
        "  The padding row is not zero.\n"
        "  measured 0.98, expected 0, allowed 0, n = 64\n"
        "  fix: emb.weight.data[0].zero_()\n"
        "  reproduce: embcheck init-stats --seed 0 --select EMB101\n"
        "\n"
        "1 failed, 1 passed in 0.5 s (exit 1)\n"
        "reproduce: embcheck init-stats --seed 0 --select EMB101\n",
        "",
    )


def test_all_that_holds_exits_with_0(embcheck, command, given) -> None:
    command(lambda **_: Report("init-stats", None, given.outcomes[1:], duration=0.5))
    assert embcheck("init-stats", "-o", "text") == (0, "1 passed in 0.5 s (exit 0)\n", "")


def test_a_check_that_crashed_exits_with_3(embcheck, command) -> None:
    crashed = Outcome("EMB101", "padding-row-not-zero", "w", Status.ERROR, Severity.ERROR, "The check crashed: E")
    command(lambda **_: Report("init-stats", None, (crashed,), duration=0.5))
    code, out, err = embcheck("init-stats", "-o", "text")
    assert (code, err) == (3, "")
    assert out.endswith("1 crashed in 0.5 s (exit 3)\n")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("No device cuda: torch sees cpu."), 2, "embcheck: No device cuda: torch sees cpu.\n"),
        (UsageError("a\nb \x1b[31m"), 2, r"embcheck: a\nb \x1b[31m" + "\n"),
        (RuntimeError("x"), 3, "embcheck crashed: RuntimeError: x (-vv shows where; please report it)\n"),
        (RecursionError("x"), 3, "embcheck crashed: RecursionError: x (-vv shows where; please report it)\n"),
        (MemoryError(), 3, "embcheck crashed: MemoryError:  (-vv shows where; please report it)\n"),
        (KeyboardInterrupt(), 130, ""),
        (typer.Abort(), 130, ""),
    ],
)
def test_whatever_happens_has_a_code_and_one_sentence(embcheck, command, error, code: int, said: str) -> None:
    def fail(**_):
        raise error

    command(fail)
    found = embcheck("init-stats")
    assert (found.code, found.out) == (code, "")
    assert found.err.lstrip("\n") == said  # some versions of the parser end the line of a ^C


@pytest.mark.parametrize("flags", [["-vv"], ["-v", "-v"], ["--verbose", "--verbose"], ["-v", "--verbose"]])
def test_a_traceback_only_when_asked(embcheck, command, flags: list[str]) -> None:
    def fail(**_):
        raise RuntimeError("boom")

    command(fail)
    assert "Traceback" not in embcheck("init-stats", "-v").err
    code, out, err = embcheck("init-stats", *flags)
    assert (code, out) == (3, "")
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.endswith("RuntimeError: boom (-vv shows where; please report it)\n")


def test_a_target_that_exits_is_not_a_success(embcheck, command) -> None:
    def leave(**_):
        raise SystemExit(0)

    command(leave)
    code, out, err = embcheck("init-stats")
    assert (code, out) == (2, "")
    assert err.startswith("embcheck: The target called sys.exit(0) while it was built")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init-statz"], "No such command 'init-statz'"),
        (["init-stats", "--devise", "cpu"], "No such option: --devise"),
        (["init-stats", "--seed"], "requires an argument"),
        (["init-stats", "--seed", "x"], "Invalid value for '--seed'"),
        (["init-stats", "extra"], "unexpected extra argument"),
        (["explain"], "Missing argument"),
        (["init-stats", "--select", "EMB1O1"], "No rule has a code"),
        (["init-stats", "--fail-on", "warn"], "--fail-on cannot be 'warn': did you mean warning?"),
        (["init-stats", "--alpha", "1.5"], "--alpha is the chance of a false alarm"),
        (["init-stats", "--color", "sometimes"], "--color cannot be 'sometimes'"),
        (["init-stats", "--config", "none.toml"], "Cannot read the configuration none.toml"),
        (["init-stats", "--baseline", "none.json"], "There is no baseline none.json"),
        (["init-stats", "-o", "jsn"], "'jsn' is no output format: did you mean json?"),
    ],
)
def test_mistyped_flags_are_one_sentence(embcheck, arguments: list[str], said: str, calls: list) -> None:
    code, out, err = embcheck(*arguments)
    assert (code, out, calls) == (2, "", [])
    assert said in err
    assert err.startswith("embcheck: ")
    assert err.count("\n") == 1


EVERY = [[], *([name.replace("_", "-")] for name in COMMANDS)]


@pytest.mark.parametrize("columns", [50, 60, 80, 200])
@pytest.mark.parametrize("command", EVERY)
def test_help_keeps_to_the_width(embcheck, command, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = embcheck(*command, "--help")
    assert code == 0
    assert max(map(len, out.splitlines())) < columns


def test_every_command_is_listed_with_its_whole_title(embcheck) -> None:
    lines = embcheck("--help").out.splitlines()
    listed = lines[lines.index("Commands:") + 1 :]
    for name, line in zip(EVERY[1:], listed, strict=False):
        assert line.split()[0] == name[0]
        assert line.endswith(".")
        assert not line.endswith("...")


@pytest.mark.parametrize("command", EVERY)
def test_help_is_ascii_and_says_h_too(embcheck, command) -> None:
    code, out, err = embcheck(*command, "-h")
    assert (code, err) == (0, "")
    assert out.isascii()


def test_a_mistyped_command_is_one_question_and_no_second_stop(embcheck) -> None:
    found = embcheck("init-stat")
    assert found.code == 2
    assert "?." not in found.err
    assert found.err.endswith("See `embcheck --help`.\n")


def test_vv_shows_where_the_user_s_own_code_failed(embcheck, command) -> None:
    def fail(**_):
        try:
            raise KeyError("width")
        except KeyError as error:
            raise UsageError("net:make raised KeyError: 'width'.") from error

    command(fail)
    assert embcheck("init-stats").err == "embcheck: net:make raised KeyError: 'width'.\n"
    shown = embcheck("init-stats", "-vv").err
    assert shown.startswith("Traceback (most recent call last):\n")
    assert shown.endswith("KeyError: 'width'\nembcheck: net:make raised KeyError: 'width'.\n")
