"""Tensors made in inference mode."""

from __future__ import annotations

import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("inference-tensor")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("inference-tensor")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_only_those_made_in_inference_mode(cross) -> None:
    with torch.inference_mode():
        made = torch.ones(2)
    assert not cross("inference-tensor", made)[0].holds
    assert cross("inference-tensor", made.clone())[0].holds
    with torch.no_grad():
        assert cross("inference-tensor", torch.ones(2))[0].holds
