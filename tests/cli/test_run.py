from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest


def test_configuration_and_variables_reach_the_command(embcheck, calls, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pyproject.toml").write_text("[tool.embcheck]\nseed = 7\nalpha = 0.01\nselect = ['EMB']\n")
    monkeypatch.setenv("EMBCHECK_ALPHA", "0.02")
    embcheck("init-stats", "--extend-select", "INI119", "--dtype", "bf16")
    (call,) = calls
    assert (call["seed"], call["alpha"], call["select"], call["dtype"]) == (7, 0.02, ("EMB", "INI119"), "bfloat16")


def test_an_ignore_with_a_reason_is_printed(embcheck, command) -> None:
    Path("pyproject.toml").write_text("[tool.embcheck.ignore]\nEMB101 = 'filled later'\n")
    assert embcheck("init-stats", "-o", "text") == (
        0,
        "net.py:12: skip EMB101 padding-row-not-zero emb.weight[0]: The padding row is not zero.; "
        "skipped: ignored: filled later\n"
        "1 passed, 1 skipped in 0.5 s (exit 0)\n"
        "reproduce: embcheck init-stats --seed 0\n",
        "",
    )


def test_a_baseline_is_written_read_and_goes_stale(embcheck, command, given) -> None:
    flags = ("init-stats", "-o", "text", "--baseline", "b.json")
    assert embcheck(*flags).code == 2
    assert embcheck(*flags, "--write-baseline").code == 0
    assert [row["subject"] for row in json.loads(Path("b.json").read_text())["accepted"]] == ["emb.weight[0]"]
    code, out, _ = embcheck(*flags)
    assert code == 0
    assert "skipped: accepted in b.json\n" in out
    command(lambda **_: replace(given, outcomes=given.outcomes[1:]))
    code, out, _ = embcheck(*flags)
    assert code == 0
    assert "note: stale in b.json: EMB101 emb.weight[0] no longer fails.\n" in out


def test_a_baseline_that_cannot_be_written_is_refused_first(embcheck, calls) -> None:
    assert embcheck("init-stats", "--baseline", "no/b.json", "--write-baseline").code == 2
    assert calls == []


def test_what_a_model_prints_is_not_the_report(embcheck, command, given) -> None:
    def chat(**_):
        print("loading…")
        return given

    command(chat)
    code, out, err = embcheck("init-stats", "-o", "json")
    assert (code, err) == (1, "loading…\n")
    json.loads(out)


@pytest.mark.parametrize(("flag", "expected"), [("--color=always", True), ("--color=never", False)])
def test_colour_is_asked_for(embcheck, command, flag: str, expected: bool) -> None:
    assert ("\x1b[" in embcheck("init-stats", flag).out) is expected


@pytest.mark.parametrize(
    ("flags", "lines"),
    [
        ([], ["1 failed, 1 passed in 0.5 s (exit 1)"]),
        (["-qq"], []),
        (["-v"], ["pass INI119 wrong-gain tanh: The gain is 5/3."]),
        (["-v", "-q"], ["1 failed, 1 passed in 0.5 s (exit 1)"]),
    ],
)
def test_verbosity(embcheck, command, flags: list[str], lines: list[str]) -> None:
    code, out, _ = embcheck("init-stats", "-o", "text", *flags)
    assert code == 1
    if not lines:
        assert out == ""
    assert ("pass INI119" in out) is (flags == ["-v"])
    assert lines == [] or lines[-1] in out.splitlines()


def test_under_torchrun_rank_0_reports_and_the_others_say_what_failed(
    embcheck, command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    alone = embcheck("init-stats", "-o", "text")
    assert alone.out.startswith("net.py:12: fail EMB101")
    monkeypatch.setenv("RANK", "1")
    code, out, err = embcheck("init-stats", "-o", "text", "-o", "json=x.json")
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "[rank 1] " + alone.out.splitlines()[0]
    assert not Path("x.json").exists()


def test_a_configuration_that_was_named_is_named_again(embcheck, command, given, tmp_path) -> None:
    command(lambda **_: given)
    (tmp_path / "mine.toml").write_text("[tool.embcheck]\nseed = 3\n")
    named = embcheck("init-stats", "--config", "mine.toml", "-o", "text").out
    assert named.endswith("reproduce: embcheck init-stats --seed 0 --config mine.toml --select EMB101\n")
    (tmp_path / "mine.toml").rename(tmp_path / "pyproject.toml")
    assert "--config" not in embcheck("init-stats", "-o", "text").out
