"""Tensors of the autograd graph."""

from __future__ import annotations

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("requires-grad")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("requires-grad")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_parameters_and_activations_are_caught_and_buffers_are_not(cross) -> None:
    model = torch.nn.BatchNorm1d(3)
    found = cross("requires-grad", model)
    caught = [e for e in found if not e.holds]
    assert [e.n for e in caught] == [2]  # weight and bias, together
    assert caught[0].fix == "x.weight.detach().numpy() (run and compared here)"
    assert sum(e.n for e in found if e.holds) == 3  # running_mean, running_var, num_batches_tracked
    (activation,) = cross("requires-grad", torch.ones(2, requires_grad=True) * 2)
    assert not activation.holds


def test_a_frozen_model_is_silent(cross) -> None:
    assert all(e.holds for e in cross("requires-grad", torch.nn.Linear(2, 2).requires_grad_(False)))


def test_functions(convert) -> None:
    assert not convert("requires-grad", np.asarray)[0].holds
    assert convert("requires-grad", lambda t: t.detach().numpy())[0].holds
