"""Read-only arrays."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("readonly-alias")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("readonly-alias")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_read_only_arrays(cross) -> None:
    for bad in (np.broadcast_to(np.ones(1), (3,)), np.frombuffer(bytes(8), dtype=np.float32)):
        assert not cross("readonly-alias", bad)[0].holds
    assert cross("readonly-alias", np.ones(3))[0].holds


def test_functions(convert) -> None:
    found = convert("readonly-alias", torch.from_numpy)
    assert any(not e.holds and "not writ" in e.message for e in found)
    assert all(e.holds for e in convert("readonly-alias", lambda a: torch.from_numpy(a.copy())))
