"""Conversions that cut the graph."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("lost-gradient")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("lost-gradient")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_functions(convert) -> None:
    cut = convert("lost-gradient", lambda t: torch.tensor(t))
    assert any(not e.holds and "copy construct" in e.message for e in cut)
    assert all(e.holds for e in convert("lost-gradient", lambda t: t.clone()))


class Sorts(nn.Module):
    """An encoder whose output is sorted by numpy, or by torch; `looks` only looks at it."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way, self.encoder, self.head = way, nn.Linear(6, 8), nn.Linear(8, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.encoder(x)
        if self.way == "numpy":
            h = torch.from_numpy(np.sort(h.detach().cpu().numpy()))
        elif self.way == "list":
            h = torch.tensor([sorted(row) for row in h.tolist()])
        elif self.way == "asarray":
            h = torch.from_numpy(np.sort(np.asarray(h.detach())))
        elif self.way == "looks":
            self.seen = h.detach().numpy().copy()
            h = torch.sort(h).values
        else:
            h = torch.sort(h).values
        return self.head(h)


@pytest.mark.parametrize("way", ["numpy", "list", "asarray"])
def test_a_forward_that_goes_through_numpy_is_caught_in_an_audit(failing, way: str) -> None:
    (outcome,) = failing("lost-gradient", Sorts(way), inputs=(torch.randn(4, 6),)).values()
    assert "encoder.weight" in outcome.message
    assert outcome.subject == "encoder:linear"
    assert outcome.severity is Severity.WARNING


@pytest.mark.parametrize("way", ["torch", "looks"])
def test_a_forward_that_stays_or_only_looks_passes(failing, way: str) -> None:
    assert not failing("lost-gradient", Sorts(way), inputs=(torch.randn(4, 6),))


def test_a_frozen_encoder_may_be_read_out(failing) -> None:
    model = Sorts("numpy")
    model.encoder.requires_grad_(False)
    assert not failing("lost-gradient", model, inputs=(torch.randn(4, 6),))


class Prompted(nn.Module):
    """A learned prompt that the forward reads in one way or another."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way, self.lin, self.prompt = way, nn.Linear(6, 6), nn.Parameter(torch.randn(6))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.lin(x)
        if self.way == "data":
            return h * self.prompt.data.reshape(1, -1)
        if self.way == "detach":
            return h * self.prompt.detach()
        if self.way == "both":
            return h * self.prompt.data + self.prompt
        if self.way == "looks":
            self.norm = self.prompt.data.norm()
            return h
        with torch.no_grad():
            self.prompt.data.clamp_(-1.0, 1.0)
        return h * self.prompt


def test_a_parameter_read_through_data_is_caught_in_an_audit(failing) -> None:
    (outcome,) = failing("lost-gradient", Prompted("data"), inputs=(torch.randn(4, 6),)).values()
    assert outcome.subject == "prompt"
    assert outcome.severity is Severity.WARNING


@pytest.mark.parametrize("way", ["detach", "both", "looks", "clamp"])
def test_what_is_meant_or_trained_elsewhere_passes(failing, way: str) -> None:
    assert not failing("lost-gradient", Prompted(way), inputs=(torch.randn(4, 6),))


def test_a_frozen_prompt_may_be_read_through_data(failing) -> None:
    model = Prompted("data")
    model.prompt.requires_grad_(False)
    assert not failing("lost-gradient", model, inputs=(torch.randn(4, 6),))
