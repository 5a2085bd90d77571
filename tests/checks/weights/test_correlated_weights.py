import math

import pytest
import torch
from torch import nn

from embcheck.laws.families import Constant, Normal, Uniform
from embcheck.runner import Context

RULE = "correlated-weights"
LAW = Normal(0.0, 1.0)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def ask_one(ask, x, law=LAW):
    (evidence,) = ask(RULE, x, law=law)
    return evidence


@pytest.mark.parametrize("shape", [(256,), (5, 4000), (128, 96), (32, 16, 3, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_sound_draw_passes(ask, shape, dtype) -> None:
    assert ask_one(ask, torch.randn(shape).to(dtype)).p_value > 1e-3


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("rank one", lambda: torch.randn(256, 1) @ torch.randn(1, 128), ""),
        ("low rank", lambda: torch.randn(256, 8) @ torch.randn(8, 128) / math.sqrt(8), "singular value|std of all"),
        ("rows share a mean", lambda: torch.randn(256, 128) + 0.3 * torch.randn(256, 1), "one row"),
        ("columns share a mean", lambda: torch.randn(256, 128) + 0.3 * torch.randn(128), "one column"),
        ("rows centred", lambda: (x := torch.randn(256, 128)) - x.mean(1, keepdim=True), "too little"),
        ("one row louder",
         lambda: torch.randn(256, 128) * torch.where(torch.arange(256) == 9, 1.6, 1.0)[:, None], "row 9"),
        ("moving average", lambda: (x := torch.randn(32_769))[1:] + 0.1 * x[:-1], "1 apart"),
        ("vertical neighbours", lambda: (x := torch.randn(257, 128))[1:] + 0.1 * x[:-1], "128 apart"),
        ("spike", lambda: torch.randn(128, 128) + 0.25 * torch.outer(torch.randn(128).sign(), torch.randn(128).sign()),
         "singular value"),
    ],
)  # fmt: skip
def test_planted_dependence_is_caught_and_named(ask, name, make, said) -> None:
    evidence = ask_one(ask, make())
    assert evidence.p_value < Context().alpha_each
    assert any(part in evidence.message for part in said.split("|"))


def test_orthogonal_matrix_is_no_independent_draw(ask) -> None:
    x = nn.init.orthogonal_(torch.empty(256, 256)) * 16
    assert ask_one(ask, x).p_value < Context().alpha_each


def test_wrong_scale_and_mean_are_no_correlation(ask) -> None:
    assert ask_one(ask, 3 * torch.randn(128, 96) + 2).p_value > 1e-3


@pytest.mark.parametrize(
    ("shape", "law"),
    [((16, 20), LAW), ((16, 20), Uniform(0.0, 1.0)), ((300,), Uniform(0.0, 1.0)), ((100, 8), Uniform(0.0, 1.0))],
)
def test_false_alarms(false_alarms, shape, law) -> None:
    draw = torch.randn if law is LAW else torch.rand
    assert false_alarms(RULE, lambda: draw(shape), law) <= 0.05 + 4 * 0.0154


def test_few_values_exact_laws_and_nan_are_not_asked(ask) -> None:
    assert ask(RULE, torch.randn(100), law=LAW) == []
    assert ask(RULE, torch.zeros(100, 100), law=Constant(0.0)) == []
    x = torch.randn(100, 100)
    x[0, 0] = math.nan
    assert ask(RULE, x, law=LAW) == []
