"""What every rule of this family is asked about: torch's promises, and promises that were not kept."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
import torch

from embcheck.results import Severity, Skip
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.promises.stock import promises
from embcheck.subjects.state import preserved

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def run_promises():
    """Every promise on the CPU in float32, run once."""
    with preserved():
        return list(promises(CPU, torch.float32, 0))


@pytest.fixture
def kept(run_promises):
    """`kept(rule)` asserts that torch keeps the promises of the rule, but for those known, and that a broken one fails.

    Returns the subjects of the promises that torch is known not to keep.
    """

    def kept(rule: str) -> list[str]:
        check = importlib.import_module(next(r.module for r in RULES if r.name == rule))
        own = [s for s in run_promises if s.role == rule]
        assert own
        known = []
        for subject in own:
            (found,) = check.evidence(subject, Context())
            if isinstance(found, Skip):
                continue
            if not found.holds:
                assert found.severity is Severity.NOTE, (subject.name, found.message)
                assert found.message.startswith("torch does otherwise (")
                known.append(subject.name)
        first = next(s for s in own if not isinstance(s.value, str))
        first = replace(first, value=replace(first.value, measured=first.value.expected + 1.0, known=""))
        (broken,) = check.evidence(first, Context())
        assert not broken.holds
        assert broken.severity is None
        assert broken.message.startswith("not kept")
        (undefined,) = check.evidence(replace(first, value=replace(first.value, measured=float("nan"))), Context())
        assert not undefined.holds
        assert undefined.measured is None
        return known

    return kept
