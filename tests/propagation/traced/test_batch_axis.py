"""The inputs are found again after every view; the truth is a tensor of input numbers that goes the same way."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.propagation.traced.batch_axis import variance
from embcheck.propagation.traced.trace import trace

B, T, D = 4, 6, 8


def flat(x: torch.Tensor) -> torch.Tensor:
    return x.reshape(B * T, D)


def time_major(x: torch.Tensor) -> torch.Tensor:
    return x.transpose(0, 1).reshape(T * B, D)


def heads(x: torch.Tensor) -> torch.Tensor:
    return x.view(B, T, 2, D // 2).transpose(1, 2).reshape(B * 2, T, D // 2)


def permuted(x: torch.Tensor) -> torch.Tensor:
    return x.permute(2, 0, 1).unsqueeze(0)


def cut(x: torch.Tensor) -> torch.Tensor:
    return x.unflatten(-1, (2, D // 2)).unsqueeze(0).transpose(0, -2).squeeze(-2)[1]


def turned(x: torch.Tensor) -> torch.Tensor:
    return x.mT.movedim(0, -1).swapaxes(0, 1)


def first_token(x: torch.Tensor) -> torch.Tensor:
    return x[:, 0]


class Views(nn.Module):
    def __init__(self, view) -> None:
        super().__init__()
        self.view = view

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.view(x) * 1.0


@pytest.mark.parametrize("view", [flat, time_major, heads, permuted, cut, turned, first_token])
def test_the_variance_between_inputs_is_that_of_the_numbers_of_the_inputs(view) -> None:
    # every element of input b is b: the variance between inputs is that of 0..B-1, and any mix-up gives less
    x = torch.arange(float(B)).reshape(B, 1, 1).expand(B, T, D).contiguous()
    node = trace(Views(view), (x,)).nodes[-1]
    assert node.op == "mul"
    assert node.axis is not None
    assert node.s == pytest.approx(torch.arange(float(B)).var().item())
    # and noise within an input, the same for all inputs, adds nothing
    same = x + torch.randn(1, T, D)
    assert trace(Views(view), (same,)).nodes[-1].s == pytest.approx(torch.arange(float(B)).var().item(), rel=1e-5)


def test_what_no_input_chooses_has_no_axis() -> None:
    class Positions(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(T, D)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.table(torch.arange(T))

    lookup = next(n for n in trace(Positions(), (torch.randn(B, T, D),)).nodes if n.kind == "lookup")
    assert lookup.axis is None


def test_variance_in_the_middle_of_a_dimension() -> None:
    x = torch.randn(3 * B * 2, 5)
    due = x.reshape(3, B, 2, 5).var(dim=1).mean()
    assert variance(x, (0, 2), B) == pytest.approx(due.item())


def test_last_states_of_a_recurrent_layer() -> None:
    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = nn.GRU(D, 5, 2, batch_first=True)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.rnn(x)[1]

    torch.manual_seed(0)
    net, x = Last(), torch.randn(B, T, D)
    nodes = [n for n in trace(net, (x,)).nodes if n.kind == "recurrent"]
    with torch.no_grad():
        assert nodes[1].s == pytest.approx(net(x).var(dim=1).mean().item(), rel=1e-4)
