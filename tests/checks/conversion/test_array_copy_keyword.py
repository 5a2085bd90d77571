"""numpy 2's keywords."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("array-copy-keyword")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("array-copy-keyword")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


TAKES_COPY = "copy" in inspect.signature(torch.Tensor.__array__).parameters


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.1.0" or TAKES_COPY, reason="numpy passes copy= since 2.1")
def test_functions_that_let_numpy_copy_are_caught(convert) -> None:
    assert not convert("array-copy-keyword", np.array)[0].holds
    assert not convert("array-copy-keyword", lambda t: np.array(t.detach()))[0].holds


def test_functions_that_copy_themselves_are_silent(convert) -> None:
    assert convert("array-copy-keyword", lambda t: t.numpy().copy())[0].holds
    assert convert("array-copy-keyword", np.asarray)[0].holds
