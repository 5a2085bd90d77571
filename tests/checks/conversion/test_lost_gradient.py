"""Conversions that cut the graph."""

from __future__ import annotations

import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("lost-gradient")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("lost-gradient")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_functions(convert) -> None:
    cut = convert("lost-gradient", lambda t: torch.tensor(t))
    assert any(not e.holds and "copy construct" in e.message for e in cut)
    assert all(e.holds for e in convert("lost-gradient", lambda t: t.clone()))
