"""What every test of a rule needs: ask one question of one subject."""

from __future__ import annotations

import importlib

import pytest

from embcheck.results import Evidence, Skip
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.subject import Subject


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
