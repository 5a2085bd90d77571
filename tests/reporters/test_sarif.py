from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from embcheck import rules
from embcheck.reporters import render, sarif
from embcheck.reporters.style import Style
from embcheck.results import Location, Outcome, Report, Severity, Status

# the published schema: oasis-tcs/sarif-spec, Schemata/sarif-schema-2.1.0.json
SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def log(report: Report) -> dict:
    data = json.loads(render("sarif", report), parse_constant=pytest.fail)
    VALIDATOR.validate(data)
    check_upload(data)
    return data["runs"][0]


def check_upload(data: dict) -> None:
    """What GitHub's upload refuses or drops although the schema allows it."""
    for run in data["runs"]:
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(set(ids)) == len(ids)
        assert len(run["results"]) <= 25_000
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            (location,) = result["locations"]
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            parts = urlsplit(uri)
            assert not parts.scheme
            assert not parts.netloc
            assert unquote(uri)
            assert not uri.startswith("/")
            assert "\\" not in uri
            assert ".." not in uri.split("/")
            assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)
            assert location["physicalLocation"]["region"]["startLine"] >= 1
            assert location["logicalLocations"][0]["fullyQualifiedName"]
            assert result["partialFingerprints"]
    texts = list(every_text(data))
    assert texts
    assert all(1 <= len(text) <= 1024 for text in texts)


def every_text(value: object):
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("text", "markdown"):
                yield item
            yield from every_text(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_text(item)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_report_is_valid_and_can_be_uploaded(report: Report) -> None:
    run = log(report)
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [("EMB101", "error"), ("INI101", "warning")]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "net.py"}, "region": {"startLine": 12}}
    assert "The padding row is not zero." in run["results"][0]["message"]["text"]
    assert "Fix: emb.weight.data[0].zero_()" in run["results"][0]["message"]["text"]


def test_the_schema_refuses_what_it_should(report: Report) -> None:
    data = json.loads(render("sarif", report))
    data["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(data)


def test_the_upload_check_can_fail(report: Report) -> None:
    data = json.loads(render("sarif", report))
    data["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "/abs/net.py"
    with pytest.raises(AssertionError):
        check_upload(data)


def test_crashes_are_notifications_and_no_results(report: Report) -> None:
    (invocation,) = log(report)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    (note,) = invocation["toolExecutionNotifications"]
    assert note["associatedRule"]["id"] == "WGT101"
    assert "boom" in note["message"]["text"]


def test_every_selected_rule_is_listed(report: Report, sound: Report) -> None:
    listed = [rule["id"] for rule in log(sound)["tool"]["driver"]["rules"]]
    assert set(listed) >= {rule.code for rule in rules.RULES}
    narrow = replace(sound, outcomes=(), settings={"select": ["EMB101"], "ignore": []})
    assert [rule["id"] for rule in log(narrow)["tool"]["driver"]["rules"]] == ["EMB101"]
    assert log(sound)["results"] == []
    unknown = replace(report.outcomes[0], code="EMB999", rule="from-a-later-version")
    assert "EMB999" in [r["id"] for r in log(replace(report, outcomes=(unknown,)))["tool"]["driver"]["rules"]]


@pytest.mark.parametrize(
    ("location", "uri", "line"),
    [
        (None, "pyproject.toml", 1),
        (Location("/usr/lib/torch/nn/linear.py", 9), "pyproject.toml", 1),
        (Location("../outside.py", 9), "pyproject.toml", 1),
        (Location("", 9), "pyproject.toml", 1),
        (Location(".", 9), "pyproject.toml", 1),
        (Location("a\x00b.py", 9), "pyproject.toml", 1),
        (Location("src/net.py", 0), "src/net.py", 1),
        (Location("src/./x/../my net#1.py", 3), "src/my%20net%231.py", 3),
        (Location("a:b.py", 3), "a%3Ab.py", 3),
        (Location("modèle.py", 3), "mod%C3%A8le.py", 3),
        (Location("x\udc80.py", 3), "x%5Cudc80.py", 3),
    ],
)
def test_every_result_has_a_place_in_the_tree(
    report: Report, in_folder: Path, location: Location, uri: str, line: int
) -> None:
    (result,) = log(replace(report, outcomes=(replace(report.outcomes[0], location=location),)))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (uri, line)


def test_an_absolute_path_inside_the_tree_becomes_relative(report: Report, in_folder: Path) -> None:
    inside = replace(report.outcomes[0], location=Location(str(in_folder / "pkg" / "net.py"), 4))
    (result,) = log(replace(report, outcomes=(inside,)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "pkg/net.py"


def test_a_fingerprint_is_the_code_and_the_subject(report: Report) -> None:
    one = report.outcomes[0]
    moved = replace(one, location=Location("other.py", 99), measured=5.0, message="Otherwise said.")
    assert sarif.fingerprint(moved) == sarif.fingerprint(one)
    assert sarif.fingerprint(replace(one, subject="x")) != sarif.fingerprint(one)
    assert sarif.fingerprint(replace(one, code="EMB102")) != sarif.fingerprint(one)


def test_long_texts_are_shortened_and_empty_ones_filled(report: Report) -> None:
    long = replace(report.outcomes[0], message="m" * 5000)
    empty = Outcome("EMB101", "padding-row-not-zero", "", Status.FAIL, Severity.ERROR)
    results = log(replace(report, outcomes=(long, empty)))["results"]
    assert len(results[0]["message"]["text"]) == 1024


def test_more_than_is_kept_is_counted(report: Report) -> None:
    many = tuple(replace(report.outcomes[1], subject=f"t{i}") for i in range(sarif.MOST + 5))
    run = log(replace(report, outcomes=(*many, report.outcomes[0])))
    assert run["results"][0]["ruleId"] == "EMB101"  # the worst is never the one left out
    assert len(run["results"]) == sarif.MOST
    assert "6 more" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def accepted(reason: str) -> Outcome:
    return Outcome(
        "EMB101", "padding-row-not-zero", "emb.weight[0]", Status.SKIP, Severity.ERROR, "It is not zero.", reason=reason
    )


@pytest.mark.parametrize(
    "reason", ["accepted in b.json: until May", "ignored: scaled in forward", "accepted in b.json"]
)
def test_what_somebody_accepts_opens_no_alert_and_is_a_suppressed_result_when_asked_for(reason) -> None:
    failed = replace(accepted(""), status=Status.FAIL, subject="other[0]", reason="")
    never_asked = Outcome("EMB102", "unexpected-zero-row", "x", Status.SKIP, Severity.ERROR, reason="no such table")
    report = Report("audit", "net:make", (failed, accepted(reason), never_asked))
    (only,) = log(report)["results"]
    assert "suppressions" not in only
    run = json.loads(render("sarif", report, Style(verbosity=1)))
    VALIDATOR.validate(run)
    check_upload(run)
    results = run["runs"][0]["results"]
    assert [r["suppressions"] for r in results] == [
        [], [{"kind": "external", "status": "accepted", "justification": reason}],
    ]  # fmt: skip
    assert run["runs"][0]["properties"] == {"accepted": 1}
