"""float64 that leaks in."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("widened-to-float64")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("widened-to-float64")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_a_float64_table_in_a_float32_model(cross) -> None:
    model = torch.nn.Sequential(torch.nn.Embedding(4, 2), torch.nn.Linear(2, 2))
    model[0].double()
    caught = [e for e in cross("widened-to-float64", model) if not e.holds]
    assert len(caught) == 1
    assert caught[0].severity is None
    assert "float64 among float32" in caught[0].message
    assert all(e.holds for e in cross("widened-to-float64", model.float()))
    assert all(e.holds for e in cross("widened-to-float64", model.double()))


def test_a_buffer_and_a_lone_array_are_notes(cross) -> None:
    model = torch.nn.Linear(2, 2)
    model.register_buffer("angles", torch.zeros(2, dtype=torch.float64))
    (found,) = cross("widened-to-float64", model)
    assert not found.holds
    assert found.severity is Severity.NOTE
    (alone,) = cross("widened-to-float64", np.zeros(3))
    assert not alone.holds
    assert alone.severity is Severity.NOTE
    assert cross("widened-to-float64", np.zeros(3, dtype=np.float32)) == []


def test_an_array_beside_float32_tensors(cross) -> None:
    caught = [e for e in cross("widened-to-float64", {"w": torch.ones(2), "table": np.zeros(3)}) if not e.holds]
    assert [e.severity for e in caught] == [None]


def test_functions_that_widen(convert) -> None:
    (found,) = convert("widened-to-float64", lambda t: np.asarray(t.detach(), dtype=np.float64))
    assert not found.holds
    assert found.severity is None
    kept = [e for e in convert("widened-to-float64", torch.from_numpy) if not e.holds]
    assert [e.severity for e in kept] == [Severity.NOTE]  # a float64 array that stays float64 may be meant
    assert all(e.holds for e in convert("widened-to-float64", lambda a: torch.tensor(a, dtype=torch.float32)))
