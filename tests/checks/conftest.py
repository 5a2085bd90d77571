"""What every test of a rule needs: ask one question of one subject."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.subject import Subject

if TYPE_CHECKING:
    from embcheck.results import Evidence, Skip


@pytest.fixture
def ask():
    """`ask(rule_name, value, kind, law=..., facts=...)` gives the list of evidence; kinds must match."""

    def ask(
        rule: str, value: object, kind: str = "tensor", context: Context | None = None, **fields
    ) -> list[Evidence | Skip]:
        check = importlib.import_module(next(r.module for r in RULES if r.name == rule))
        subject = Subject(fields.pop("name", "w"), kind, value, **fields)
        if hasattr(value, "shape"):
            subject.shape = tuple(value.shape)
        assert kind in check.KINDS
        return list(check.evidence(subject, context or Context()))

    return ask


@pytest.fixture
def false_alarms(ask):
    """`false_alarms(rule, draw, law, runs=200)`: the share of sound draws whose p-value is at most 0.05."""

    def false_alarms(rule: str, draw, law, runs: int = 200) -> float:
        import torch

        torch.manual_seed(20260104)
        hits = 0
        for _ in range(runs):
            (evidence,) = ask(rule, draw(), law=law)
            hits += evidence.p_value <= 0.05
        return hits / runs

    return false_alarms


@pytest.fixture
def failing():
    """`failing(rule, target, **audit's arguments)` gives the outcomes of one rule that failed, by subject."""

    def failing(rule: str, target: object, **given) -> dict[str, object]:
        from embcheck.commands.audit import audit

        # other rules may be silent here: only this one is asked
        report = audit(target, select=[rule], **given)
        crashed = [o for o in report.outcomes if o.status.value == "error"]
        assert not crashed, crashed[0].reason
        return {o.subject: o for o in report.outcomes if o.status.value == "fail"}

    return failing
