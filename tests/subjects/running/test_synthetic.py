"""Made-up inputs fit the first layers, vary, and are said; where nothing can be made up, one sentence says so."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.inputs import inputs_of
from embcheck.subjects.running.synthetic import made_up, required


class Late(nn.Module):
    """Its first layer in the order of registration is not the first that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = nn.Embedding(64, 8)
        self.words = nn.Embedding(500, 8)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.words(ids) + self.positions(torch.arange(ids.shape[1]))


class Fixed(nn.Module):
    def __init__(self, side: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.out = nn.Linear(4 * (side - 2) ** 2, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.conv(x).flatten(1))


class Pair(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 4)

    def forward(self, user: torch.Tensor, item: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        return self.lin(user) * item


class Dictionary(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(4, 4)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        return self.lin(batch["x"])


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (nn.Linear(7, 3), (16, 7)),
        (nn.Conv2d(3, 4, 3), (8, 3, 32, 32)),
        (nn.Conv1d(5, 4, 3), (8, 5, 32)),
        (Fixed(28), (8, 1, 28, 28)),
        (nn.LSTM(6, 4, batch_first=True), (8, 16, 6)),
        (nn.GRUCell(6, 4), (16, 6)),
        (nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(2)), (16, 64)),
        (nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 8, batch_first=True), 1, enable_nested_tensor=False),
         (8, 16, 8)),
        (nn.LayerNorm(9), (16, 9)),
        (nn.BatchNorm2d(3), (8, 3, 32, 32)),
    ],
)  # fmt: skip
def test_the_shape_is_what_the_first_layers_take(model, shape) -> None:
    (drawn,), said = made_up("auto", model, 0)
    assert tuple(drawn.shape) == shape
    assert said == f"N(0, 1) draws of shape {shape}"
    assert drawn.std() > 0.8
    assert not torch.equal(drawn[0], drawn[1])


def test_ids_stay_in_the_table_that_refuses_none() -> None:
    (ids,), said = made_up("auto", Late(), 0)
    assert ids.shape == (8, 16)
    assert int(ids.max()) < 500
    assert "ids drawn uniformly from" in said


def test_trying_leaves_the_model_as_it_was() -> None:
    net = nn.Sequential(Fixed(28), nn.BatchNorm1d(10), nn.Dropout()).train()
    torch.manual_seed(4)
    before = torch.get_rng_state()
    made_up("auto", net, 0)
    assert net.training
    assert net[1].num_batches_tracked == 0
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("text", "model", "part"),
    [
        ("auto", Pair(), "takes user and item"),
        ("auto", Fixed(31), "raised RuntimeError"),
        ("auto", Dictionary(), "give --input"),
        ("auto", nn.ReLU(), "cannot be guessed"),
        ("auto:8,x", nn.Linear(2, 2), "whole numbers"),
        ("auto:8,0", nn.Linear(2, 2), "1 or larger"),
    ],
)
def test_what_cannot_be_made_up_is_one_sentence(text, model, part) -> None:
    with pytest.raises(UsageError, match=part) as caught:
        made_up(text, model, 0)
    assert "\n" not in str(caught.value)


def test_a_shape_that_is_given_is_not_tried() -> None:
    (drawn,), _ = made_up("auto:4,9", nn.Linear(2, 2), 0)
    assert drawn.shape == (4, 9)


def test_required_parameters() -> None:
    assert required(Pair()) == ["user", "item"]
    assert required(nn.Linear(2, 2)) == ["input"]


def test_names_become_keywords_or_the_mapping_itself() -> None:
    x = torch.zeros(2, 4)
    given, _ = inputs_of({"user": x, "item": x}, Pair())
    assert set(given) == {"user", "item"}
    given, _ = inputs_of({"x": x}, Dictionary())
    assert isinstance(given, tuple)
    assert set(given[0]) == {"x"}
    with pytest.raises(UsageError, match=r"named a, b, and the forward of Pair takes user, item, mask"):
        inputs_of({"a": x, "b": x}, Pair())
