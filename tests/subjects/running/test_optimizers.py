"""Optimizers as given, and as made by the user's function."""

from __future__ import annotations

import sys

import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.optimizers import optimizers_of


def make(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), lr=1e-3)


def test_as_given_or_made() -> None:
    net = nn.Linear(2, 2)
    own = torch.optim.SGD(net.parameters(), lr=0.1)
    assert optimizers_of(None, net) == ()
    assert optimizers_of(own, net) == (own,)
    assert optimizers_of({"a": own, "b": own}, net) == (own, own)
    assert isinstance(optimizers_of(make, net)[0], torch.optim.AdamW)
    assert isinstance(optimizers_of("torch.optim:Adam", net)[0], torch.optim.Adam)
    made = optimizers_of(lambda m: [own, make(m)], net)
    assert made[0] is own
    assert made[1].param_groups[0]["params"][0] is net.weight


@pytest.mark.parametrize(
    "wrong", [7, "adam", "gone:make", lambda m: None, lambda m: 1 / 0, lambda m: sys.exit(1), lambda m: [m], [], {}]
)
def test_the_rest_is_one_sentence(wrong) -> None:
    with pytest.raises(UsageError) as caught:
        optimizers_of(wrong, nn.Linear(2, 2))
    assert "\n" not in str(caught.value)


def test_a_checkpoint_has_no_optimizer_to_step() -> None:
    with pytest.raises(UsageError, match="live model"):
        optimizers_of(make, None)
