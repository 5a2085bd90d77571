"""Reversed arrays."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("negative-stride")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("negative-stride")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_reversed_and_flipped_arrays(cross) -> None:
    for bad in (np.arange(3.0)[::-1], np.flip(np.ones((2, 3)), 1), np.rot90(np.ones((2, 3)))):
        (found,) = cross("negative-stride", bad)
        assert not found.holds
        assert found.fix == "torch.from_numpy(x.copy()) (run and compared here)"
    for good in (np.arange(3.0), np.arange(6.0)[::2], np.ones((2, 3)).T):
        assert cross("negative-stride", good)[0].holds


def test_functions(convert) -> None:
    assert not convert("negative-stride", torch.from_numpy)[0].holds
    assert convert("negative-stride", lambda a: torch.from_numpy(np.ascontiguousarray(a)))[0].holds
