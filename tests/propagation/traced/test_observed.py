"""A model's record: which layers carry the signal, how it goes on below rounding, gradients that never come."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from embcheck.propagation.traced.graph import Node
from embcheck.propagation.traced.observed import first_bad, observed, path, signal_course
from embcheck.propagation.traced.trace import trace
from embcheck.subjects.state import poisoned


def node(index: int, s: float, g: float, *, q: float = 1.0, width: int = 8, dtype: str = "float32") -> Node:
    return Node(index, "linear", "affine", "", "Linear", (), (4, width), q=q, s=s, g=g, dtype=dtype)


class Residual(nn.Module):
    """x + f(x), nothing between the additions."""

    def __init__(self, depth: int = 4) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 16)) for _ in range(depth)
        )
        self.out = nn.Linear(16, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = x + block(x)
        return self.out(x)


def test_the_stream_of_a_residual_network_is_its_additions() -> None:
    found = trace(Residual(), (torch.randn(4, 16),))
    assert [n.op for n in path(found)] == ["add"] * 4
    record = observed("net", [found])
    assert record is not None
    assert record.own
    assert record.depth == 4


def test_the_layers_of_a_chain_are_its_affine_ones_without_the_last() -> None:
    net = nn.Sequential(*[m for _ in range(5) for m in (nn.Linear(16, 16), nn.ReLU())], nn.Linear(16, 2))
    assert [n.module for n in path(trace(net, (torch.randn(4, 16),)))] == ["0", "2", "4", "6", "8"]
    assert observed("two", [trace(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)), (torch.randn(4, 4),))]) is None


def test_below_rounding_the_signal_goes_on_as_the_gradient_does() -> None:
    """J of one layer multiplies energies by ||J||^2 / n both ways: s' n' / (s n) = g n / (g' n') times n' / n ..."""
    course = signal_course([node(0, 1e-3, 1e-4), node(1, 1e-20, 1e-3), node(2, 1e-19, 1e-2, width=16)])
    assert course[0] == pytest.approx(math.log(1e-3))
    assert course[1] == pytest.approx(math.log(1e-4))  # a tenth, as the gradient on its way back
    assert course[2] == pytest.approx(math.log(1e-5 / 2))  # twice the units share it
    # in bfloat16 the noise starts much earlier, and without a gradient there is only the noise
    assert signal_course([node(0, 1, 1, dtype="bfloat16"), node(1, 1e-4, 10, dtype="bfloat16")])[1] == pytest.approx(
        math.log(0.1)
    )
    assert signal_course([node(0, 1, math.nan), node(1, 1e-20, math.nan)])[1] == pytest.approx(math.log(1e-20))


def test_it_follows_a_true_chain_past_the_precision_of_float32() -> None:
    """The same network in float64 shows what float32 cannot."""
    torch.manual_seed(0)
    net = nn.Sequential(*[m for _ in range(24) for m in (nn.Linear(128, 128), nn.ReLU())], nn.Linear(128, 2))
    x = torch.randn(16, 128)
    shallow = signal_course(path(trace(net, (x,))))
    deep = [math.log(n.s) for n in path(trace(net.double(), (x.double(),)))]
    assert deep[-1] < math.log(1e-18)
    assert shallow == pytest.approx(deep, abs=1.5)


def test_gradients_that_never_come_are_zero_and_those_not_asked_for_are_not() -> None:
    class Cut(Residual):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for block in self.blocks:
                x = x + block(x)
            return self.out(x.detach())

    record = observed("cut", [trace(Cut(), (torch.randn(4, 16),))])
    assert record is not None
    assert record.gradient.totals == (-math.inf,)
    without = observed("net", [trace(Residual(), (torch.randn(4, 16),), backward=False)])
    assert without is not None
    assert math.isnan(without.gradient.totals[0])


def test_the_first_that_is_not_finite() -> None:
    net = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 2))
    with torch.no_grad():
        net[2].weight[0, 0] = torch.inf
    found = trace(net, (torch.randn(4, 8),))
    bad = first_bad(found)
    assert bad is not None
    assert bad.label == "2:linear"
    record = observed("net", [found])
    assert record is not None
    assert record.first_bad == "2:linear"


def test_the_coarsest_format_on_the_way_is_that_of_the_network() -> None:
    class Auto(Residual):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                return nn.Sequential(*(m for b in self.blocks for m in b))(x)

    record = observed("net", [trace(Auto(), (torch.randn(4, 16),))])
    assert record is not None
    assert record.dtype == "bfloat16"


def test_a_last_layer_behind_a_head_of_zeros_is_no_exploding_gradient() -> None:
    """It gets no gradient while the layers before it get theirs from another head."""

    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Sequential(*[m for _ in range(3) for m in (nn.Linear(16, 16), nn.Tanh())])
            self.classes, self.hidden, self.box = nn.Linear(16, 9), nn.Linear(16, 16), nn.Linear(16, 4)
            nn.init.zeros_(self.box.weight)

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            h = self.body(x)
            return self.classes(h), self.box(self.hidden(h).relu())

    record = observed("heads", [trace(Heads(), (torch.randn(4, 16),))])
    assert record is not None
    assert math.isnan(record.gradient.totals[0])


class SideBySide(nn.Module):
    """An actor and a critic that share nothing but their input."""

    def __init__(self, actor: int, critic: int) -> None:
        super().__init__()
        self.actor, self.critic = (
            nn.Sequential(*[m for _ in range(depth) for m in (nn.Linear(16, 16), nn.Tanh())], nn.Linear(16, 4))
            for depth in (actor, critic)
        )
        nn.init.orthogonal_(self.actor[-1].weight, 0.01)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.actor(x), self.critic(x)


@pytest.mark.parametrize(("actor", "critic", "kept"), [(3, 4, "critic"), (4, 3, "actor"), (3, 3, "actor")])
def test_of_networks_side_by_side_the_longest_is_followed(actor: int, critic: int, kept: str) -> None:
    """The small gain of one's head is no loss of gradient over the layers of both."""
    found = trace(SideBySide(actor, critic), (torch.randn(8, 16),))
    assert [n.module for n in path(found)] == [f"{kept}.{2 * i}" for i in range(max(actor, critic))]
    record = observed("agent", [found])
    assert record is not None
    assert abs(record.gradient.totals[0]) < 6


def test_short_networks_side_by_side_have_no_depth() -> None:
    assert observed("agent", [trace(SideBySide(2, 2), (torch.randn(8, 16),))]) is None


class ByDegree(nn.Module):
    """Rows are sorted into classes, each with a layer of its own, whose outputs fill one tensor."""

    def __init__(self, first: int = 0) -> None:
        super().__init__()
        self.layers, self.first = nn.ModuleList([nn.Linear(32, 32) for _ in range(3)]), first

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = x.new_empty(x.shape)
        for i in range(self.first, 3):
            rows = torch.arange(i, len(x), 3)
            out.index_copy_(0, rows, self.layers[i](x[rows]))
        return out


@pytest.mark.parametrize("missed", [False, True])
def test_memory_that_is_filled_in_parts_is_judged_when_it_is_used(missed: bool) -> None:
    net = nn.Sequential(ByDegree(), nn.ReLU(), ByDegree(int(missed)), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4))
    with poisoned():
        bad = first_bad(trace(net, (torch.randn(9, 32),)))
    assert (bad.name if bad else None) == ("3:linear" if missed else None)
