from __future__ import annotations

from dataclasses import replace

import pytest

from embcheck.reporters.sentences import closing, number, numbers, place, power, reproduction, tally
from embcheck.results import Location, Outcome, Report, Severity, Status


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"), (0, "0"), (-3, "-3"), (1_234_567, "1,234,567"), (0.0, "0"), (-0.0, "0"), (64.0, "64"),
        (0.02, "0.02"), (1.00003, "1.000"), (0.99996, "1.000"), (1 / 3, "0.3333"), (1.3e-9, "1.3e-09"),
        (1e-9 / 3, "3.333e-10"), (123456.7, "1.235e+05"), (99999.5, "1.000e+05"), (9999.6, "1.000e+04"),
        (1e300, "1e+300"), (1e6, "1e+06"), (12345.0, "12345"), (2345.6, "2346"),
        (float("nan"), "nan"), (float("inf"), "inf"), (float("-inf"), "-inf"), (True, "True"), ("a\n", r"a\n"),
    ],
)  # fmt: skip
def test_numbers_are_short_and_honest(value: object, shown: str) -> None:
    assert number(value) == shown


def test_what_was_not_measured_is_not_said() -> None:
    bare = Outcome("EMB101", "a-rule", "w", Status.FAIL, Severity.ERROR)
    assert numbers(bare) == ""
    assert power(bare) == ""
    assert place(bare) == ""
    assert numbers(replace(bare, measured=0.5, p_value=0.25)) == "measured 0.5, p = 0.25"
    assert power(replace(bare, detectable=0.5)) == "smallest error that would have been caught: 0.5"
    assert place(replace(bare, location=Location("a\nb.py", 3))) == r"a\nb.py:3"


@pytest.mark.parametrize(
    ("given", "codes", "typed"),
    [
        ("embcheck audit n:m --seed 0", ["EMB101"], "embcheck audit n:m --seed 0 --select EMB101"),
        ("embcheck audit n:m --seed 0", ["B", "A", "B"], "embcheck audit n:m --seed 0 --select A,B"),
        ("embcheck audit n:m --select EMB --seed 0", ["EMB101"], "embcheck audit n:m --seed 0 --select EMB101"),
        ("embcheck audit n:m --select=EMB --select INI", ["EMB101"], "embcheck audit n:m --select EMB101"),
        ("embcheck audit n:m --extend-select EMB", ["INI101"], "embcheck audit n:m --select INI101"),
        ("embcheck audit n:m", [], "embcheck audit n:m"),
        ("", ["EMB101"], ""),
    ],
)
def test_a_failure_is_reproduced_by_its_own_rule(given: str, codes: list[str], typed: str) -> None:
    assert reproduction(Report("audit", None, (), reproduce=given), codes) == typed


@pytest.mark.parametrize(
    ("statuses", "fail_on", "said"),
    [
        ([], "error", "nothing found"),
        (["pass"], "error", "1 passed"),
        (["fail:error", "pass", "skip"], "error", "1 failed, 1 passed, 1 skipped"),
        (["fail:warning", "fail:warning", "fail:note"], "error", "2 warnings, 1 note"),
        (["fail:warning", "fail:warning", "fail:note"], "warning", "2 failed, 1 note"),
        (["fail:warning", "fail:note"], "note", "2 failed"),
        (["error", "fail:error"], "error", "1 failed, 1 crashed"),
    ],
)
def test_the_tally_counts_what_fails_the_run(statuses: list[str], fail_on: str, said: str) -> None:
    outcomes = tuple(
        Outcome("EMB101", "a-rule", str(i), Status(s.partition(":")[0]), Severity(s.partition(":")[2] or "error"))
        for i, s in enumerate(statuses)
    )
    assert tally(Report("audit", None, outcomes, fail_on=Severity(fail_on))) == said


def test_the_last_lines(report: Report) -> None:
    assert closing(replace(report, reproduce="")) == [
        "1 failed, 1 crashed, 1 warning, 1 passed, 1 skipped in 2.1 s (exit 3)"
    ]
