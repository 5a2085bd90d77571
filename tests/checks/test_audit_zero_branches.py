"""Weights that start at zero: branches that open with the first step, and what never will."""

from __future__ import annotations

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = nn.Linear(16, 32), nn.Linear(32, 16)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.last(torch.relu(self.inner(x)))


X = (torch.randn(8, 16),)


def test_last_layers_of_branches_and_heads_pass_with_inputs(failing) -> None:
    net = nn.Sequential(Residual(), Residual(), Residual(), nn.Linear(16, 16))
    nn.init.zeros_(net[-1].weight)
    assert not failing("all-zero", net, inputs=X)
    assert "3.weight" in failing("all-zero", net)  # without inputs nothing tells it from a forgotten one


def test_a_zero_head_hides_the_gradient_for_one_step_only(failing) -> None:
    net = nn.Sequential(*[m for _ in range(5) for m in (nn.Linear(16, 16), nn.Tanh())], nn.Linear(16, 3))
    nn.init.zeros_(net[-1].weight)
    for rule in ("vanishing-gradients", "dead-gradient"):
        assert not failing(rule, net, inputs=X)


def test_an_inner_zero_layer_behind_an_outer_one_passes(failing) -> None:
    """ControlNet: the inner zero convolution has no gradient until the outer one has moved."""

    class Control(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.body, self.outer = nn.Linear(16, 16), nn.Linear(16, 16), nn.Linear(16, 16)
            for layer in (self.inner, self.outer):
                nn.init.zeros_(layer.weight)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.outer(torch.relu(self.body(x + self.inner(x))))

    assert not failing("all-zero", Control(), inputs=X)


def test_two_zero_layers_in_a_row_never_learn(failing) -> None:
    net = nn.Sequential(nn.Linear(16, 16, bias=False), nn.GELU(), nn.Linear(16, 16, bias=False))
    for p in net.parameters():
        nn.init.zeros_(p)
    found = failing("all-zero", net, inputs=X)
    assert {o.severity.value for o in found.values()} == {"error"}
    assert set(found) == {"0.weight", "2.weight"}


def test_tables_that_multiply_and_tables_that_are_added(failing) -> None:
    class Pairs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.centre, self.context = nn.Embedding(30, 16), nn.Embedding(30, 16)
            nn.init.zeros_(self.context.weight)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return (self.centre(ids) * self.context(ids)).sum(-1)

    class Positions(Pairs):
        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.centre(ids) + self.context(torch.arange(ids.shape[1]))

    ids = (torch.randint(0, 30, (4, 5)),)
    assert not failing("all-zero", Pairs(), inputs=ids)
    assert set(failing("all-zero", Positions(), inputs=ids)) == {"context.weight"}
    dead = Pairs()
    nn.init.zeros_(dead.centre.weight)
    assert {o.severity.value for o in failing("all-zero", dead, inputs=ids).values()} == {"error"}


def test_a_forward_that_fails_still_names_zero_weights(failing) -> None:
    net = nn.Sequential(nn.Linear(16, 16), nn.Linear(16, 16))
    nn.init.zeros_(net[1].weight)
    assert set(failing("all-zero", net, inputs=(torch.randn(8, 3),))) == {"1.weight"}
