"""Stand-ins without values."""

from __future__ import annotations

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("wrapped-tensor")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("wrapped-tensor")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_tensors_inside_transforms_and_fake_ones(cross) -> None:
    found = []

    def look(row):
        found.extend(cross("wrapped-tensor", row))
        return row

    torch.vmap(look)(torch.ones(2, 3))
    torch.func.grad(lambda w: look(w).sum())(torch.ones(3))
    found += cross("wrapped-tensor", FakeTensorMode().from_tensor(torch.ones(2)))
    assert len(found) == 3
    assert all(not e.holds and not e.fix for e in found)  # no line works on the stand-in itself


def test_plain_tensors_are_silent(cross) -> None:
    for good in (torch.ones(2), torch.nn.Parameter(torch.ones(2)), torch.ones(0), torch.eye(2).to_sparse()):
        assert cross("wrapped-tensor", good)[0].holds
