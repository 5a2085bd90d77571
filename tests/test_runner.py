import math
import sys
import types

import pytest

from embcheck.results import Evidence, Severity, Skip, Status
from embcheck.rules import Rule
from embcheck.runner import Context, run
from embcheck.subjects.subject import Subject


@pytest.fixture
def rule_giving(monkeypatch):
    """A rule whose check yields what the subject's value says."""

    def make(code: str = "WGT101") -> Rule:
        rule = Rule(code, f"made-{code.lower()}", Severity.ERROR)
        module = types.ModuleType(rule.module)
        module.KINDS = frozenset({"made"})

        def evidence(subject, context):
            for answer in subject.value:
                if isinstance(answer, Exception):
                    raise answer
                yield answer

        module.evidence = evidence
        monkeypatch.setitem(sys.modules, rule.module, module)
        return rule

    return make


def ask(rule, *answers, context=None):
    return run([Subject("s", "made", answers)], [rule], context or Context())


def test_certain_evidence_needs_no_statistics(rule_giving) -> None:
    passed, failed = ask(rule_giving(), Evidence("a", holds=True), Evidence("b", holds=False, part="[1]"))
    assert (passed.status, failed.status) == (Status.PASS, Status.FAIL)
    assert failed.subject == "s[1]"


def test_holm_is_over_the_whole_run(rule_giving) -> None:
    # alone, 0.0009 is significant at 0.001; beside nine others Holm multiplies it by ten
    rule = rule_giving()
    (alone,) = ask(rule, Evidence("a", p_value=0.0009))
    assert alone.status is Status.FAIL
    first, *_ = ask(rule, Evidence("a", p_value=0.0009), *(Evidence("b", p_value=0.5) for _ in range(9)))
    assert first.status is Status.PASS
    assert first.p_value == pytest.approx(0.009)


def test_significant_is_not_material(rule_giving) -> None:
    evidence = Evidence("std is off", p_value=1e-30, effect=-0.004)
    (outcome,) = ask(rule_giving(), evidence, context=Context(tolerance=0.01))
    assert outcome.status is Status.PASS
    assert "negligible" in outcome.message
    (outcome,) = ask(rule_giving(), evidence, context=Context(tolerance=0.001))
    assert outcome.status is Status.FAIL


def test_nan_p_value_is_a_crash_not_a_pass(rule_giving) -> None:
    (outcome,) = ask(rule_giving(), Evidence("a", p_value=math.nan))
    assert outcome.status is Status.ERROR


def test_crash_is_an_outcome_and_the_others_run(rule_giving) -> None:
    crashing, sound = rule_giving("WGT101"), rule_giving("WGT102")
    outcomes = run(
        [Subject("s", "made", (ZeroDivisionError("boom"),)), Subject("t", "made", (Evidence("fine", holds=True),))],
        [crashing, sound],
        Context(),
    )
    assert [o.status for o in outcomes] == [Status.ERROR, Status.ERROR, Status.PASS, Status.PASS]
    assert "ZeroDivisionError: boom" in outcomes[0].message


def test_skip_keeps_its_reason(rule_giving) -> None:
    (outcome,) = ask(rule_giving(), Skip("no values on meta"))
    assert outcome.status is Status.SKIP
    assert outcome.reason == "no values on meta"
