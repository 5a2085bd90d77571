"""Functions without arguments: what they raise or warn of at the border is their outcome."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from embcheck.commands.conversions import conversions
from embcheck.errors import UsageError

NET = nn.Linear(4, 2)
CALLS = {
    "requires-grad": lambda: NET(torch.ones(1, 4)).numpy(),
    "off-cpu": lambda: torch.ones(2, device="meta").numpy(),
    "unsupported-dtype": lambda: torch.ones(2, dtype=torch.bfloat16).numpy(),
    "negative-stride": lambda: torch.from_numpy(np.arange(3.0)[::-1]),
    "unsupported-layout": lambda: torch.eye(2).to_sparse().numpy(),
    "slow-conversion": lambda: torch.tensor([np.ones(3), np.ones(3)]),
}


@pytest.mark.parametrize("rule", CALLS)
def test_the_rule_of_its_cause(rule: str) -> None:
    assert rule in {o.rule for o in conversions(CALLS[rule]).failed}


def test_a_safe_function_passes() -> None:
    assert not conversions(lambda: NET(torch.ones(1, 4)).detach().numpy()).failed


def test_any_other_exception_is_one_clear_sentence() -> None:
    def broken() -> None:
        raise ValueError("no such file")

    with pytest.raises(UsageError, match="raised ValueError: no such file"):
        conversions(broken)
