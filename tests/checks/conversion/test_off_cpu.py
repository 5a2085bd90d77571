"""Tensors that numpy cannot reach."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("off-cpu")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("off-cpu")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_a_tensor_on_another_device_is_caught_and_one_on_the_cpu_is_not(cross) -> None:
    (there,) = cross("off-cpu", torch.ones(2, device="meta"))
    assert not there.holds
    assert "meta" in there.message
    assert there.fix
    (here,) = cross("off-cpu", torch.ones(2))
    assert here.holds


def test_arrays_are_not_asked(cross) -> None:
    assert cross("off-cpu", np.ones(2)) == []


def test_a_function_that_copies_first_is_sound(convert) -> None:
    assert not convert("off-cpu", lambda t: t.numpy())[0].holds
    # meta has no values, so nothing can be copied from it: the function is asked where it can be, by what it raises
    (plain,) = convert("off-cpu", lambda t: t.numpy() if t.device.type == "cpu" else np.zeros(2))
    assert plain.holds


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_tensor_on_cuda_is_caught_and_the_line_is_verified_there(cross) -> None:
    (found,) = cross("off-cpu", torch.ones(2, device="cuda"))
    assert not found.holds
    assert found.fix == "x.cpu().numpy() (run and compared here)"
