import pytest
import torch
from scipy.stats import binom
from torch import nn

from embcheck.laws.initializers import law_of
from embcheck.runner import Context

RULE = "wrong-sparsity"
SHAPE = (200, 150)


def sound(sparsity: float = 0.1, std: float = 0.01) -> torch.Tensor:
    torch.manual_seed(0)
    return nn.init.sparse_(torch.empty(SHAPE), sparsity, std)


@pytest.mark.parametrize("sparsity", [0.1, 0.333, 0.9])
def test_torchs_sparse_passes(ask, sparsity) -> None:
    zeros, values = ask(RULE, sound(sparsity), law=law_of("sparse", SHAPE, sparsity=sparsity))
    assert zeros.holds
    assert values.p_value > 0.01
    assert (zeros.part, values.part) == (" zeros", " values")


def test_one_zero_lost_is_caught(ask) -> None:
    x = sound()
    x[torch.nonzero(x[:, 5] == 0)[0, 0], 5] = 0.01
    zeros, _ = ask(RULE, x, law=law_of("sparse", SHAPE, sparsity=0.1))
    assert zeros.holds is False
    assert (zeros.measured, zeros.expected) == (19, 20)


def test_surplus_zeros_of_one_pair_may_be_chance_and_five_are_not(ask) -> None:
    law = law_of("sparse", SHAPE, sparsity=0.1)
    x = sound()
    drawn = torch.nonzero(x[:, 5])[:, 0]
    for surplus, events in ((1, 1), (2, 1), (5, 3)):
        x[drawn[:surplus], 5] = 0
        p_value = ask(RULE, x, law=law)[0].p_value
        assert p_value == pytest.approx(binom.sf(events - 1, 27_000, 2**-23), rel=1e-6)
    assert p_value < Context().alpha_each


def test_a_float16_draw_may_round_to_zero(ask) -> None:
    x = sound()
    x[torch.nonzero(x[:, 5])[0, 0], 5] = 0
    assert ask(RULE, x.half(), law=law_of("sparse", SHAPE, sparsity=0.1))[0].p_value > 0.01  # 27,000 draws, 5e-6 each


def test_bernoulli_mask_is_caught(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(SHAPE) * 0.01 * (torch.rand(SHAPE) > 0.1)
    assert ask(RULE, x, law=law_of("sparse", SHAPE, sparsity=0.1))[0].holds is False


def test_scale_of_the_other_values(ask) -> None:
    _, values = ask(RULE, sound(std=0.0105), law=law_of("sparse", SHAPE, sparsity=0.1, std=0.01))
    assert values.p_value < Context().alpha_each
    assert values.effect == pytest.approx(0.05, abs=0.01)


def test_other_laws_are_not_asked(ask) -> None:
    assert ask(RULE, torch.zeros(3, 3)) == []
