from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from embcheck import baseline
from embcheck.baseline import Accepted
from embcheck.errors import UsageError
from embcheck.results import Outcome, Report, Severity, Status
from embcheck.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def outcome(code: str, subject: str, status: Status = Status.FAIL) -> Outcome:
    return Outcome(code, "a-rule", subject, status, Severity.ERROR)


REPORT = Report(
    "audit", None, (outcome("EMB101", "a"), outcome("INI119", "b\udc80"), outcome("INI119", "c", Status.PASS))
)


def test_what_is_accepted_is_listed_and_does_not_fail() -> None:
    found = baseline.apply(
        REPORT, Settings(baseline="b.json"), [Accepted("EMB101", "a", "until May"), Accepted("INI119", "b\udc80")]
    )
    assert [(o.status, o.reason) for o in found.outcomes[:2]] == [
        (Status.SKIP, "accepted in b.json: until May"),
        (Status.SKIP, "accepted in b.json"),
    ]
    assert found.exit_code == 0
    assert found.notes == ()


def test_both_code_and_subject_must_match() -> None:
    accepted = [Accepted("EMB101", "b"), Accepted("INI119", "a")]
    found = baseline.apply(REPORT, Settings(baseline="b.json"), accepted)
    assert found.outcomes == REPORT.outcomes
    assert found.exit_code == 1


def test_stale_pairs_are_named_unless_their_rule_was_not_asked() -> None:
    accepted = [Accepted("INI119", "gone"), Accepted("EMB101", "gone")]
    found = baseline.apply(REPORT, Settings(baseline="b.json", select=("INI",)), accepted)
    assert found.notes == ("stale in b.json: INI119 gone no longer fails.",)


def test_a_crash_cannot_be_accepted() -> None:
    crashed = Report("audit", None, (outcome("EMB101", "a", Status.ERROR),))
    assert baseline.apply(crashed, Settings(baseline="b.json"), [Accepted("EMB101", "a")]).exit_code == 3


def test_writing_and_reading_back(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    writing = Settings(baseline=str(path), write_baseline=True)
    accepted = baseline.apply(
        REPORT, writing, [Accepted("EMB101", "a", "until May"), Accepted("EMB101", "gone", "old")]
    )
    assert accepted.exit_code == 0
    text = baseline.document(accepted, writing)
    assert json.loads(text) == {
        "schema_version": 1,
        "accepted": [
            {"command": "audit", "code": "EMB101", "subject": "a", "reason": "until May"},
            {"command": "audit", "code": "INI119", "subject": "b\udc80", "reason": ""},
        ],
    }
    path.write_text(text)
    again = baseline.read(path)
    assert again == (Accepted("EMB101", "a", "until May", "audit"), Accepted("INI119", "b\udc80", "", "audit"))
    assert baseline.apply(REPORT, Settings(baseline=str(path)), again).exit_code == 0


def test_one_file_serves_several_commands(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    writing = Settings(baseline=str(path), write_baseline=True)
    other = Report("init-stats", None, (outcome("EMB101", "a"), outcome("INI119", "z")))
    path.write_text(baseline.document(baseline.apply(REPORT, writing, ()), writing))
    before = baseline.read(path)
    path.write_text(baseline.document(baseline.apply(other, writing, before), writing, before))
    both = baseline.read(path)
    assert {row.command for row in both} == {"audit", "init-stats"}
    assert len(both) == 4
    for report in (REPORT, other):
        found = baseline.apply(report, Settings(baseline=str(path)), both)
        assert found.exit_code == 0
        assert found.notes == ()  # what the other command accepted is not stale
    only = tuple(row for row in both if row.command == "audit")
    assert baseline.apply(other, Settings(baseline=str(path)), only).exit_code == 1


def test_a_file_without_commands_accepts_for_any(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text('{"schema_version": 1, "accepted": [{"code": "EMB101", "subject": "a"}]}')
    (row,) = baseline.read(path)
    assert row.concerns("audit") and row.concerns("init-stats")
    assert not Accepted("EMB101", "a", command="compare").concerns("audit")


def test_a_first_baseline_need_not_exist(tmp_path: Path) -> None:
    path = str(tmp_path / "b.json")
    assert baseline.prepare(Settings(baseline=path, write_baseline=True)) == ()
    with pytest.raises(UsageError, match=r"There is no baseline .*: write it with --baseline .* --write-baseline"):
        baseline.prepare(Settings(baseline=path))
    assert baseline.prepare(Settings()) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is no baseline of embcheck"),
        ("[]", "is no baseline of embcheck"),
        ('{"schema_version": 1}', "is no baseline of embcheck"),
        ('{"schema_version": 1, "accepted": [{"code": "EMB101"}]}', "is no baseline of embcheck"),
        ('{"schema_version": 2, "accepted": []}', "schema_version 2; this embcheck reads 1"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=said):
        baseline.read(path)


def test_a_folder_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot read the baseline"):
        baseline.read(tmp_path)


def test_a_device_that_never_ends_is_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "zeros").symlink_to("/dev/zero")
    if not (tmp_path / "zeros").exists():
        pytest.skip("this system has no /dev/zero")
    with pytest.raises(UsageError, match=r"Cannot read the baseline .*zeros: it is no file"):
        baseline.read(tmp_path / "zeros")
