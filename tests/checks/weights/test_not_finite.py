import math

import pytest
import torch
from torch import nn

RULE = "not-finite"


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn])
def test_finite_values_pass(ask, dtype) -> None:
    (evidence,) = ask(RULE, torch.ones(10, 3).to(dtype))
    assert evidence.holds


def test_one_nan_in_ten_million_is_caught_and_placed(ask) -> None:
    x = torch.zeros(2500, 4000)
    x[1913, 2321] = math.nan
    (evidence,) = ask(RULE, x)
    assert evidence.holds is False
    assert (evidence.measured, evidence.n) == (1, 10_000_000)
    assert "1 NaN among 10,000,000 values, the first at [1913, 2321]" in evidence.message


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity_is_caught_in_a_weight_and_allowed_in_a_buffer(ask, value) -> None:
    x = torch.tensor([0.0, value])
    assert ask(RULE, x)[0].holds is False
    assert ask(RULE, x, "buffer")[0].holds
    assert ask(RULE, torch.tensor([math.nan]), "buffer")[0].holds is False


def test_scalars_complex_and_sparse_tensors(ask) -> None:
    assert ask(RULE, torch.tensor(math.nan))[0].holds is False
    assert ask(RULE, torch.tensor([complex(0, math.nan)]))[0].holds is False
    assert ask(RULE, torch.tensor([1.0, math.inf]).to_sparse())[0].holds is False
    assert ask(RULE, torch.zeros(0))[0].holds


def test_integers_are_not_asked(ask) -> None:
    assert ask(RULE, torch.arange(3)) == []


class Norm(nn.Module):
    """A layer norm written by hand, of ids of which 0 is padding."""

    def __init__(self, eps: float, mask: bool = False) -> None:
        super().__init__()
        self.emb, self.eps, self.mask = nn.Embedding(20, 8, padding_idx=0), eps, mask

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.emb(ids)
        x = x - x.mean(-1, keepdim=True)
        y = x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.eps)
        return torch.where((ids == 0)[..., None], torch.zeros_like(y), y) if self.mask else y


IDS = (torch.tensor([[3, 4, 0], [5, 0, 0]]),)


def test_an_epsilon_that_half_precision_rounds_to_zero(failing) -> None:
    (outcome,) = failing(RULE, Norm(1e-12).half(), inputs=IDS).values()
    assert outcome.severity.value == "error"
    assert "the outputs" in outcome.message
    assert "truediv" in outcome.subject or "div" in outcome.subject
    assert not failing(RULE, Norm(1e-5).half(), inputs=IDS)
    assert not failing(RULE, Norm(1e-12), inputs=IDS)


def test_what_is_masked_out_again_hurts_only_through_the_gradient(failing) -> None:
    net = Norm(0.0, mask=True)
    net.emb.padding_idx = None  # with it, torch drops the gradient of that row, NaN and all
    (outcome,) = failing(RULE, net, inputs=IDS).values()
    assert outcome.severity.value == "warning"  # 0 times infinity in the backward pass of torch.where
    assert "gradients" in outcome.message
    quiet = Norm(0.0, mask=True).requires_grad_(False)
    (outcome,) = failing(RULE, quiet, inputs=IDS).values()
    assert outcome.severity.value == "note"


def test_a_weight_that_is_not_finite_is_said_once(failing) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    with torch.no_grad():
        net[0].weight[0, 0] = math.nan
    assert list(failing(RULE, net, inputs=(torch.randn(3, 4),))) == ["0.weight"]


def test_masks_of_minus_infinity_pass(failing) -> None:
    class Masked(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            scores = self.fc(x) @ x.transpose(-2, -1)
            return scores.masked_fill(torch.ones(5, 5).triu(1).bool(), -math.inf)

    assert not failing(RULE, Masked(), inputs=(torch.randn(2, 5, 8),))
