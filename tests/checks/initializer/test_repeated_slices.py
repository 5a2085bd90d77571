import pytest
import torch

from embcheck.laws.families import Constant, Normal, Uniform
from embcheck.runner import Context

RULE = "repeated-slices"
LAW = Normal(0.0, 1.0)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("shape", [(1000,), (64, 48), (64, 2), (6, 5, 4, 16, 16)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_sound_draw_passes(ask, shape, dtype) -> None:
    (evidence,) = ask(RULE, torch.randn(shape).to(dtype), law=LAW)
    assert evidence.p_value > 0.01


@pytest.mark.parametrize("dim", range(5))
def test_slice_of_five_dimensions_is_caught(ask, dim) -> None:
    x = torch.randn(6, 5, 4, 16, 16)
    x.select(dim, 1).copy_(x.select(dim, 0))
    (evidence,) = ask(RULE, x, law=LAW)
    assert evidence.p_value < Context().alpha_each
    assert evidence.measured == 1
    assert f"along dimension {dim}" in evidence.message


def test_equal_columns_of_a_matrix_are_caught_and_equal_rows_have_their_own_rule(ask) -> None:
    x = torch.randn(50, 40)
    x[:, 3] = x[:, 7]
    assert ask(RULE, x, law=LAW)[0].p_value < Context().alpha_each
    x = torch.randn(50, 40)
    x[30] = x[40]
    assert ask(RULE, x, law=LAW)[0].p_value > 0.01


def test_generator_that_starts_over_is_caught(ask) -> None:
    (evidence,) = ask(RULE, torch.rand(5000).repeat(4)[:18_000], law=Uniform(0.0, 1.0))
    assert evidence.p_value < Context().alpha_each
    assert "5,000 places on" in evidence.message


def test_expanded_draw_is_caught(ask) -> None:
    (evidence,) = ask(RULE, torch.randn(1, 40, 3, 3).expand(64, 40, 3, 3), law=LAW)
    assert evidence.p_value < Context().alpha_each
    assert evidence.measured == 63


def test_short_slices_of_a_coarse_dtype_repeat_by_chance(false_alarms) -> None:
    assert false_alarms(RULE, lambda: torch.rand(3, 200).to(torch.bfloat16), Uniform(0.0, 1.0), 100) <= 0.05


def test_constants_are_not_draws(ask) -> None:
    assert ask(RULE, torch.zeros(50, 40), law=Constant(0.0)) == []
    assert ask(RULE, torch.zeros(50, 40), law=LAW) == []  # wrong-distribution speaks
