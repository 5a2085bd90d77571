from __future__ import annotations

import re
from dataclasses import replace

import pytest

from embcheck.reporters import render
from embcheck.reporters.github import escape, escape_property
from embcheck.results import Location, Outcome, Report, Severity, Status

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^:,\r\n]*,?)+)::([^\r\n]*)")


def annotations(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """As GitHub's runner reads them: the command, its properties, its message, all decoded."""
    found = []
    for line in render("github", report).splitlines():
        if line.lstrip().startswith("::"):
            match = COMMAND.fullmatch(line)
            assert match, line
            pairs = (pair.partition("=") for pair in match[2].split(","))
            found.append((match[1], {key: decode(value) for key, _, value in pairs}, decode(match[3])))
    return found


def decode(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_worst_first(report: Report) -> None:
    assert [(level, properties) for level, properties, _ in annotations(report)] == [
        ("error", {"title": "WGT101 not-finite"}),
        ("error", {"file": "net.py", "line": "12", "title": "EMB101 padding-row-not-zero"}),
        ("warning", {"title": "INI101 wrong-distribution"}),
    ]
    assert annotations(report)[1][2] == (
        "emb.weight[0]: The padding row is not zero.\nmeasured 0.98, expected 0, allowed 0, n = 64\n"
        "fix: emb.weight.data[0].zero_()\nreproduce: embcheck audit net:make --seed 0 --select EMB101"
    )
    assert render("github", report).splitlines()[-2:] == [
        "1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3)",
        "reproduce: embcheck audit net:make --seed 0 --select EMB101,INI101,WGT101",
    ]


@pytest.mark.parametrize(("failures", "shown"), [(0, 0), (1, 1), (9, 9), (10, 10), (11, 10), (500, 10)])
def test_at_most_nine_and_one_that_counts_the_rest(report: Report, failures: int, shown: int) -> None:
    many = tuple(replace(report.outcomes[0], subject=f"t{i}") for i in range(failures))
    found = annotations(replace(report, outcomes=(*many, report.outcomes[2])))
    assert len(found) == shown
    if failures > 9:
        assert found[-1][2].startswith(f"{failures - 9} more of {failures}")


def test_notes_are_notices(report: Report) -> None:
    note = replace(report.outcomes[0], severity=Severity.NOTE)
    assert annotations(replace(report, outcomes=(note,)))[0][0] == "notice"


def test_escaping_is_what_the_runner_undoes() -> None:
    assert escape("100%\r\n:,") == "100%25%0D%0A:,"
    assert escape_property("100%\r\n:,") == "100%25%0D%0A%3A%2C"


def test_a_hostile_report_gives_only_its_own_commands(report: Report) -> None:
    bad = "::set-output name=a::b\r\n::error::x%0A::add-mask::y##[add-mask]z"
    hostile = Outcome(bad, bad, bad, Status.FAIL, Severity.ERROR, bad, fix=bad, location=Location(bad, 1))
    text = render("github", replace(report, outcomes=(hostile,), reproduce=bad, target=bad))
    assert len(annotations(replace(report, outcomes=(hostile,), reproduce=bad))) == 1
    assert "##[" not in text
    assert "\r" not in text
