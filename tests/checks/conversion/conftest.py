"""What every rule of this family is asked about."""

from __future__ import annotations

import importlib

import pytest
import torch

from embcheck.results import Skip
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.conversion.border import crossings, items
from embcheck.subjects.conversion.converter import converter
from embcheck.subjects.conversion.stock import PITFALLS, pitfalls
from embcheck.subjects.state import preserved

CPU = torch.device("cpu")


@pytest.fixture
def rows(ask):
    """`rows(rule)`: the evidence on each of the rule's rows of the table; those that cannot run here are left out."""

    def rows(rule: str):
        found = []
        with preserved():
            # the one that ends a process is run with the table itself
            for s in pitfalls(CPU, [r for r in PITFALLS if r.rule == rule and not r.fatal]):
                found += ask(rule, s.value, s.kind, name=s.name, group=s.group, facts=s.facts)
        return [e for e in found if not isinstance(e, Skip)]

    return rows


@pytest.fixture
def cross():
    """`cross(rule, value)`: the evidence on the user's own tensors and arrays."""

    def cross(rule: str, value):
        check = importlib.import_module(next(r.module for r in RULES if r.name == rule))
        return [e for s in crossings(items(value)) for e in check.evidence(s, Context())]

    return cross


@pytest.fixture
def convert(ask):
    """`convert(rule, function)`: the evidence on a conversion function."""

    def convert(rule: str, function):
        with preserved():
            s = converter(function, CPU)
        return ask(rule, s.value, s.kind, name=s.name)

    return convert


@pytest.fixture
def planted(ask):
    """`planted(rule)`: the evidence on a row whose expectation, and on one whose advice, is wrong."""

    def planted(rule: str):
        from dataclasses import replace

        row = next(r for r in PITFALLS if r.rule == rule and not r.fatal and r.meta)
        loud = row.expected.outcome in {"raises", "warns", "crashes"}
        other = {"exception": "NoSuchError"} if loud else {"symptom": "False"}
        changed = replace(row, expected=replace(row.expected, **other))
        wrong = replace(row, proof="False")
        found = []
        with preserved():
            for s in pitfalls(CPU, [changed, wrong]):
                found += ask(rule, s.value, s.kind, name=s.name, group=s.group, facts=s.facts)
        return found

    return planted
