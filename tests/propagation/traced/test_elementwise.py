"""Activations that are written out are one operation with the right theory; other modules are left alone."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from embcheck.propagation.theory.activations import activation
from embcheck.propagation.theory.maps import moments
from embcheck.propagation.traced.elementwise import fold
from embcheck.propagation.traced.model_theory import theory_of
from embcheck.propagation.traced.observed import path
from embcheck.propagation.traced.trace import trace


class HandGELU(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class HandLeaky(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.maximum(x, 0.2 * x)


class Centred(nn.Module):
    """Not elementwise."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - x.mean(-1, keepdim=True)) * 2.0


class Scaled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x * self.scale) * 2.0


def net(act: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    layers = [m for _ in range(4) for m in (nn.Linear(256, 256), act)]
    return nn.Sequential(*layers, nn.Linear(256, 4))


@pytest.mark.parametrize(("act", "name", "q"), [(HandGELU(), "gelu_tanh", 1.0), (HandGELU(), "gelu_tanh", 0.01),
                                                (HandLeaky(), "leaky_relu(0.2)", 3.0)])  # fmt: skip
def test_the_function_is_that_of_the_module(act, name, q) -> None:
    model = net(act)
    found = fold(trace(model, (torch.randn(8, 256),)), model)
    node = next(n for n in found.nodes if n.activation is not None)
    due, seen = moments(activation(name), q), moments(node.activation, q)
    assert pytest.approx(due.V, rel=1e-4) == seen.V
    assert pytest.approx(due.D, rel=1e-3) == seen.D


def test_one_row_with_a_theory() -> None:
    model = net(HandGELU())
    found = fold(trace(model, (torch.randn(64, 256),)), model)
    rows = [(n.op, t) for n, t in zip(found.nodes, theory_of(found), strict=True) if n.shown]
    assert [op for op, _ in rows] == ["input", *["linear", "HandGELU"] * 4, "linear"]
    assert all(not math.isnan(t.q) for op, t in rows if op == "HandGELU")
    for node, due in zip(found.nodes, theory_of(found), strict=True):
        if node.op == "HandGELU":
            assert node.q == pytest.approx(due.q, rel=0.1)
    assert [n.op for n in path(found)] == ["linear"] * 4  # the additions inside of it are no residual stream


@pytest.mark.parametrize("act", [Centred(), Scaled(), nn.ReLU()])
def test_other_modules_are_left_alone(act) -> None:
    model = net(act)
    before = trace(model, (torch.randn(4, 256),))
    assert fold(before, model) == before


def test_trying_draws_nothing_and_changes_no_mode() -> None:
    model = net(HandGELU()).train()
    found = trace(model, (torch.randn(4, 256),))
    torch.manual_seed(3)
    state = torch.get_rng_state()
    fold(found, model)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(m.training for m in model.modules())
