from embcheck.commands.merging import merged
from embcheck.results import Outcome, Severity, Status


def outcome(message: str, status: Status, severity: Severity = Severity.ERROR, subject: str = "w", fix: str = ""):
    return Outcome("WGT102", "garbage-values", subject, status, severity, message=message, fix=fix)


def test_failure_wins_over_a_pass_and_stays_in_its_place() -> None:
    first = outcome("ordinary", Status.PASS)
    other = outcome("fine", Status.PASS, subject="v")
    last = outcome("poison shows", Status.FAIL, fix="fill it")
    assert merged([first, other, last]) == (last, other)


def test_two_failures_are_one_of_the_worse_severity() -> None:
    (one,) = merged(
        [outcome("b", Status.FAIL, Severity.NOTE, fix="y"), outcome("a", Status.FAIL, Severity.ERROR, fix="x")]
    )
    assert (one.message, one.severity, one.fix) == ("a; also, b", Severity.ERROR, "x; y")


def test_passing_severity_does_not_outweigh_a_failing_note() -> None:
    (one,) = merged([outcome("a", Status.PASS, Severity.ERROR), outcome("b", Status.FAIL, Severity.NOTE)])
    assert one.severity is Severity.NOTE


def test_crash_is_not_hidden() -> None:
    (one,) = merged([outcome("b", Status.FAIL), outcome("crash", Status.ERROR)])
    assert one.status is Status.ERROR


def test_rules_and_subjects_are_kept_apart() -> None:
    several = [outcome("a", Status.FAIL), outcome("a", Status.FAIL, subject="v")]
    assert merged(several) == tuple(several)
