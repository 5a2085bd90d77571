"""Lists of arrays."""

from __future__ import annotations

import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("slow-conversion")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("slow-conversion")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_functions(convert) -> None:
    slow = convert("slow-conversion", lambda t: torch.tensor([t.detach().numpy(), t.detach().numpy()]))
    assert any(not e.holds and "extremely slow" in e.message for e in slow)
    assert all(e.holds for e in convert("slow-conversion", lambda t: torch.stack([t, t])))
