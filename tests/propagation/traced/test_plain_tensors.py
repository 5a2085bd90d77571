"""Which plain tensors a pass uses as they are."""

from __future__ import annotations

import torch
from torch import nn

from embcheck.propagation.traced.plain_tensors import PlainTensors
from embcheck.propagation.traced.trace import trace


class Net(nn.Module):
    """Tables in an attribute, a list and a dict, each added to the signal; one is written first."""

    def __init__(self) -> None:
        super().__init__()
        self.lin, self.table, self.unused = nn.Linear(3, 3), torch.ones(3), torch.ones(5)
        self.listed, self.named = [torch.ones(3)], {"a": torch.ones(3)}
        self.state, self.scale = torch.zeros(3), torch.tensor(2.0)
        self.register_buffer("buffer", torch.ones(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.state.add_(1.0)
        return self.lin(x) + self.table + self.listed[0] + self.named["a"] + self.state + self.buffer * self.scale


def test_what_is_held_and_used() -> None:
    model = Net()
    found = trace(model, (torch.randn(2, 3),)).plain
    assert found == {"table": 3, "listed[0]": 3, "named['a']": 3}
    assert not trace(nn.Sequential(model.lin, nn.LSTM(3, 3)), (torch.randn(2, 3),)).plain


def test_looking_at_a_property_uses_nothing() -> None:
    model = Net()
    plain = PlainTensors(model)
    plain.note("__get__", [model.table])
    plain.note("__getitem__", [model.unused, model.table])
    assert plain.used() == {"unused": 5}
    model.unused = torch.ones(5)
    assert not plain.used()


def test_a_list_that_the_forward_makes_anew_is_moved_by_it() -> None:
    model = Net()
    plain = PlainTensors(model)
    plain.note("add", [model.listed[0], model.named["a"]])
    model.listed = [t.to("cpu") for t in model.listed]
    assert plain.used() == {"named['a']": 3}


def test_what_the_forward_moves_itself_is_not_passed_by() -> None:
    class Positions(Net):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.lin(x) + self.table.to(x.device, dtype=x.dtype) + self.named["a"].to(x)
            return x + self.listed[0].to(x.device)  # which .half() passes by

    assert trace(Positions(), (torch.randn(2, 3),)).plain == {"listed[0]": 3}
    model = Net()
    plain = PlainTensors(model)
    plain.note("add", [model.table])
    plain.note("to", [model.table], [torch.device("cpu"), torch.float32])
    assert plain.used() == {"table": 3}
