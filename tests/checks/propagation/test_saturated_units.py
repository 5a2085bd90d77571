"""Most units of a bounded activation on its flat parts."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn


def test_sound_networks_pass(network: Any, verdict: Any) -> None:
    for name in ("tanh", "sigmoid", "hardtanh", "softsign"):
        assert verdict("saturated-units", network(init="xavier_normal", activation=name)) is True


@pytest.mark.parametrize(("name", "gain"), [("tanh", 8.0), ("sigmoid", 16.0), ("hardtanh", 4.0)])
def test_weights_that_are_too_large_are_caught(network: Any, verdict: Any, name: str, gain: float) -> None:
    assert verdict("saturated-units", network(init="xavier_normal", activation=name, gain=gain)) is False


def test_the_share_is_theorys(network: Any, ask: Any) -> None:
    (evidence,) = ask("saturated-units", network(init="xavier_normal", activation="tanh", gain=4.0), "network")
    assert evidence.measured == pytest.approx(evidence.expected, abs=0.03)


def test_unbounded_activations_are_not_asked(network: Any, verdict: Any) -> None:
    assert verdict("saturated-units", network()) is None


class Distilled(nn.Module):
    """A student's log-probabilities under the sharpened ones of a teacher."""

    def __init__(self, detached: bool) -> None:
        super().__init__()
        self.student, self.teacher, self.detached = nn.Linear(16, 40), nn.Linear(16, 40), detached

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.set_grad_enabled(not self.detached):
            target = (self.teacher(x) / 0.02).softmax(-1)
        return -(target * self.student(x).log_softmax(-1)).sum(-1)


def test_a_softmax_that_no_gradient_reaches_has_none_to_lose(failing) -> None:
    torch.manual_seed(0)
    x = (torch.randn(8, 16),)
    assert not failing("saturated-units", Distilled(detached=True), inputs=x)
    assert failing("saturated-units", Distilled(detached=False), inputs=x)
