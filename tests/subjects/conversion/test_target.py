"""A function that is called as a target: its own warnings are the user's, those of conversions are the report's."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from embcheck.commands.conversions import conversions
from embcheck.results import Status


def slow_and_deprecated() -> torch.Tensor:
    warnings.warn("load() is deprecated, use read()", FutureWarning, stacklevel=2)
    return torch.tensor([np.zeros(2), np.ones(2)])


def test_warnings_of_the_function_are_handed_on() -> None:
    with pytest.warns(FutureWarning, match="use read") as seen:
        report = conversions(slow_and_deprecated)
    assert len(seen) == 1
    slow = [o for o in report.failed if o.rule == "slow-conversion"]
    assert len(slow) == 1
    assert "extremely slow" in slow[0].message


def test_they_are_handed_on_where_the_function_raises() -> None:
    def refused() -> object:
        warnings.warn("about to convert", UserWarning, stacklevel=1)
        return torch.ones(2, requires_grad=True).numpy()

    with pytest.warns(UserWarning, match="about to convert"):
        report = conversions(refused)
    assert [o.rule for o in report.failed] == ["requires-grad"]
    assert not [o for o in report.outcomes if o.status is Status.ERROR]
