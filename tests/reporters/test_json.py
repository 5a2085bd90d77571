from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import numpy as np
import pytest

import embcheck.reporters
from embcheck.errors import UsageError
from embcheck.reporters import render
from embcheck.reporters.json import parse, plain

if TYPE_CHECKING:
    from embcheck.results import Report

SCHEMA = json.loads((Path(embcheck.reporters.__file__).parent / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    VALIDATOR.check_schema(SCHEMA)


def test_the_documented_shape(report: Report) -> None:
    data = json.loads(render("json", report))
    VALIDATOR.validate(data)
    assert {key: data[key] for key in ("schema_version", "command", "target", "exit_code", "seed", "summary")} == {
        "schema_version": 1, "command": "audit", "target": "net:make", "exit_code": 3, "seed": 0,
        "summary": {"failed": 2, "passed": 1, "skipped": 1, "errors": 1},
    }  # fmt: skip
    assert data["outcomes"][0] == {
        "code": "EMB101", "rule": "padding-row-not-zero", "subject": "emb.weight[0]", "status": "fail",
        "severity": "error", "message": "The padding row is not zero.", "measured": 0.98, "expected": 0.0,
        "allowed": 0.0, "p_value": None, "effect": None, "n": 64, "detectable": None,
        "fix": "emb.weight.data[0].zero_()", "location": {"path": "net.py", "line": 12}, "reason": "",
        "histogram": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [("status", "ok"), ("severity", "fatal"), ("p_value", 1.5), ("n", 0.5), ("code", "emb101"), ("message", None)],
)
def test_the_schema_refuses_what_it_should(report: Report, key: str, value: object) -> None:
    data = json.loads(render("json", report))
    data["outcomes"][0][key] = value
    assert not VALIDATOR.is_valid(data)


def test_what_is_not_finite_becomes_null(report: Report) -> None:
    odd = replace(report.outcomes[0], measured=float("nan"), expected=float("inf"), allowed=float("-inf"))
    data = json.loads(render("json", replace(report, outcomes=(odd,))), parse_constant=pytest.fail)
    assert [data["outcomes"][0][key] for key in ("measured", "expected", "allowed")] == [None, None, None]
    assert data["tables"]["draws"][1]["std"] is None


def test_same_report_same_bytes_times_apart(report: Report) -> None:
    one, two = (json.loads(render("json", replace(report, duration=d))) for d in (1.0, 2.0))
    assert one.pop("duration") != two.pop("duration")
    assert one == two
    assert render("json", report) == render("json", report)


def test_reading_back_loses_nothing(report: Report) -> None:
    finite = [row for row in report.tables["draws"] if row["std"] == row["std"]]
    report = replace(report, tables={"draws": finite})
    again = parse(render("json", report))
    assert again.outcomes == report.outcomes
    assert render("json", again) == render("json", report)
    for form in ("text", "rich", "junit", "sarif", "github", "markdown", "html"):
        assert render(form, again) == render(form, report)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.float64("nan"), None),
        ((1, (2,)), [1, [2]]),
        ({1: {2, 1}}, {"1": [1, 2]}),
        (Path("a/b"), "a/b"),
        (Fraction(1, 2), "1/2"),
        ("\udc80", "\\udc80"),
        (10**30, 10**30),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[1]", "no report of embcheck"),
        ("{}", "no report of embcheck"),
        ('{"schema_version": 2, "outcomes": []}', "schema_version 2"),
        ('{"schema_version": 1, "outcomes": []}', "'command' is missing"),
        ("[" * 100_000, "nested too deeply|is not JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        parse(text, "x.json")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", "::x"),
        ("rule", "a b"),
        ("status", "odd"),
        ("measured", "much"),
        ("n", "x"),
        ("location", {"path": "a"}),
        ("histogram", [1]),
        ("n", []),
    ],
)
def test_a_damaged_outcome_is_refused(report: Report, key: str, value: object) -> None:
    data = json.loads(render("json", report))
    data["outcomes"][0][key] = value
    with pytest.raises(UsageError, match=r"r\.json is not a complete report"):
        parse(json.dumps(data), "r.json")
