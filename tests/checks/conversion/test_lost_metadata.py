"""Masks and subclasses."""

from __future__ import annotations

import numpy as np

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("lost-metadata")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("lost-metadata")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_only_a_mask_that_hides_something(cross) -> None:
    assert not cross("lost-metadata", np.ma.masked_array([1.0, 999.0], mask=[False, True]))[0].holds
    assert cross("lost-metadata", np.ma.masked_array([1.0, 2.0]))[0].holds
    assert cross("lost-metadata", np.array([1.0, 2.0]))[0].holds
