from __future__ import annotations

from dataclasses import replace

from embcheck.reporters import render
from embcheck.reporters.style import Style
from embcheck.results import Outcome, Report, Severity, Status

PADDING = (
    "net.py:12: fail EMB101 padding-row-not-zero emb.weight[0]: The padding row is not zero.; measured 0.98, expected "
    "0, allowed 0, n = 64; fix: emb.weight.data[0].zero_(); reproduce: embcheck audit net:make --seed 0 --select EMB101"
)
SCALE = (
    "warning INI101 wrong-distribution fc.weight: Values do not follow normal(0, 0.02).; p = 1.3e-09, effect = 0.05, "
    "n = 1,000,000; smallest error that would have been caught at n = 1,000,000: 0.0012; "
    "reproduce: embcheck audit net:make --seed 0 --select INI101"
)
CRASH = (
    r"error WGT101 not-finite a\x1b[31m\nb: The check crashed: ValueError: boom; "
    "reproduce: embcheck audit net:make --seed 0 --select WGT101"
)
CLOSING = [
    "1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3)",
    "reproduce: embcheck audit net:make --seed 0 --select EMB101,INI101,WGT101",
]


def test_one_line_an_outcome_passes_left_out(report: Report) -> None:
    assert render("text", report).splitlines() == [
        PADDING,
        SCALE,
        "skip EMB106 logit-scale [red]x</script>: skipped: ignored: scaled in forward",
        CRASH,
        "note: inputs were made up",
        *CLOSING,
    ]


def test_quiet_keeps_failures_and_closing_lines(report: Report) -> None:
    assert render("text", report, Style(verbosity=-1)).splitlines() == [PADDING, SCALE, CRASH, *CLOSING]


def test_quiet_twice_prints_nothing(report: Report) -> None:
    assert render("text", report, Style(verbosity=-2)) == ""


def test_verbose_lists_passes(report: Report) -> None:
    line = "pass INI101 wrong-distribution ::set-output name=a::b: Values follow uniform(0, 1)."
    assert line in render("text", report, Style(verbosity=1)).splitlines()


def test_verbose_twice_says_how_each_was_decided(report: Report) -> None:
    lines = render("text", report, Style(verbosity=2)).splitlines()
    assert (
        "pass INI101 wrong-distribution ::set-output name=a::b: Values follow uniform(0, 1).; p = 0.5, n = 3; "
        "smallest error that would have been caught at n = 3: 0.7"
    ) in lines
    assert any(r"Traceback (most recent call last):\n  boom\nValueError: boom" in line for line in lines)


def test_fail_on_turns_the_warning_into_a_failure(report: Report) -> None:
    text = render("text", replace(report, outcomes=report.outcomes[:2], fail_on=Severity.WARNING))
    assert "\nfail INI101 " in text
    assert text.splitlines()[-2] == "2 failed in 2.1 s (exit 1)"


def test_exit_zero_changes_the_code_alone(report: Report) -> None:
    text = render("text", replace(report, outcomes=report.outcomes[:2], exit_zero=True))
    assert text.splitlines()[-2] == "1 failed, 1 warning in 2.1 s (exit 0)"


def test_no_line_reads_as_a_workflow_command(report: Report) -> None:
    odd = Outcome("::error", "r", "s", Status.FAIL, Severity.ERROR, "##[add-mask]x")
    text = render("text", replace(report, outcomes=(odd,)))
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "##[" not in text
