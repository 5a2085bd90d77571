from __future__ import annotations

import pytest

from embcheck import ignores
from embcheck.results import Outcome, Report, Severity, Status
from embcheck.settings import Settings


def outcome(code: str, subject: str, status: Status = Status.FAIL) -> Outcome:
    return Outcome(code, "a-rule", subject, status, Severity.ERROR, reason="was there")


def report(*outcomes: Outcome) -> Report:
    return Report("audit", "net:make", outcomes)


def test_a_failure_becomes_a_skip_with_the_reason() -> None:
    given = report(outcome("EMB101", "a"), outcome("INI119", "a"))
    found = ignores.apply(given, Settings(ignore_reasons={"EMB": "scaled in forward"}))
    assert [(o.status, o.reason) for o in found.outcomes] == [
        (Status.SKIP, "ignored: scaled in forward"),
        (Status.FAIL, "was there"),
    ]
    assert found.exit_code == 1


@pytest.mark.parametrize("status", [Status.PASS, Status.SKIP])
def test_what_did_not_fail_stays(status: Status) -> None:
    given = report(outcome("EMB101", "a", status))
    assert ignores.apply(given, Settings(ignore_reasons={"EMB101": "x"})) == given


def test_a_crash_of_an_ignored_check_is_ignored() -> None:
    found = ignores.apply(report(outcome("EMB101", "a", Status.ERROR)), Settings(ignore_reasons={"EMB101": "x"}))
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("pattern", "subject", "hit"),
    [
        ("*.bias", "h.0.bias", True),
        ("*.bias", "h.0.bias[3]", False),
        ("emb.weight[3]", "emb.weight[3]", True),  # the very name, although [3] is a set in a shell pattern
        ("emb.weight*", "emb.weight[3]", True),
        ("H.*", "h.0", False),
    ],
)
def test_subjects_match_by_pattern_or_name(pattern: str, subject: str, hit: bool) -> None:
    settings = Settings(per_subject_ignores={pattern: {"padding-row-not-zero": ""}})
    found = ignores.apply(report(outcome("EMB101", subject)), settings)
    assert found.outcomes[0].status is (Status.SKIP if hit else Status.FAIL)
    assert bool(found.notes) is not hit
    if not hit:
        assert found.notes == (f"per-subject-ignores: no subject matches {pattern!r}.",)


def test_a_pattern_ignores_its_codes_alone() -> None:
    settings = Settings(per_subject_ignores={"*": {"INI": "ours"}})
    found = ignores.apply(report(outcome("EMB101", "a"), outcome("INI119", "a")), settings)
    assert [o.status for o in found.outcomes] == [Status.FAIL, Status.SKIP]
    assert found.outcomes[1].reason == "ignored: ours"


def test_without_a_target_no_pattern_is_idle() -> None:
    settings = Settings(per_subject_ignores={"encoder.*": {"INI": ""}})
    stock = Report("init-stats", None, (outcome("EMB101", "Embedding(5, 9)"),))
    assert ignores.apply(stock, settings).notes == ()
