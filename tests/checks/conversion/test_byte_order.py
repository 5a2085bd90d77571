"""Arrays of other machines."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("byte-order")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("byte-order")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_the_other_byte_order(cross) -> None:
    other = np.arange(3, dtype=np.dtype(np.float32).newbyteorder())
    (found,) = cross("byte-order", other)
    assert not found.holds
    assert found.fix == 'torch.from_numpy(x.astype(x.dtype.newbyteorder("="))) (run and compared here)'
    for good in (np.arange(3, dtype=np.float32), np.ones(2, dtype=bool), np.ones(2, dtype="=i8")):
        assert cross("byte-order", good)[0].holds


def test_functions(convert) -> None:
    assert not convert("byte-order", torch.from_numpy)[0].holds
    assert convert("byte-order", lambda a: torch.tensor(a.astype(np.float32)))[0].holds
