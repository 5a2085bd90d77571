import math

import pytest
import torch

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
