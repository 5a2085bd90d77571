"""One number, or several."""

from __future__ import annotations

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("not-a-scalar")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("not-a-scalar")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message
