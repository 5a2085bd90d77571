import math

import pytest
import torch

from embcheck.laws.families import Constant, Normal, Orthogonal, TruncatedNormal, Uniform, Within
from embcheck.laws.initializers import law_of

RULE = "out-of-bounds"
RAND = Uniform(0.0, 1.0, open_right=True)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rand_stays_below_one(ask, dtype) -> None:
    x = torch.rand(100_000, dtype=dtype)
    (evidence,) = ask(RULE, x, law=RAND)
    assert evidence.holds
    x[77] = 1.0
    (evidence,) = ask(RULE, x, law=RAND)
    assert evidence.holds is False
    assert (evidence.measured, evidence.expected) == (1.0, 1.0)
    assert "[0, 1)" in evidence.message


def test_one_in_bfloat16_is_no_rounding(ask) -> None:
    (evidence,) = ask(RULE, torch.tensor([0.5, 1.0], dtype=torch.bfloat16), law=RAND)
    assert evidence.holds is False


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("bound", [0.0765466, 1 / 3])
def test_rounded_bound_is_inside_and_two_spacings_are_outside(ask, dtype, bound) -> None:
    law = Uniform(-bound, bound)
    edge = torch.tensor(bound).to(dtype)
    (evidence,) = ask(RULE, torch.stack([-edge, edge]), law=law)
    assert evidence.holds
    further = edge + 2.5 * torch.finfo(dtype).eps * bound
    for x in (torch.stack([edge, further]), torch.stack([-further, edge])):
        (evidence,) = ask(RULE, x, law=law)
        assert evidence.holds is False
        assert abs(evidence.measured) == float(further)


def test_xavier_from_fan_out_alone_leaves_the_bounds(ask) -> None:
    torch.manual_seed(0)
    bound = math.sqrt(6 / (2 * 96))
    (evidence,) = ask(RULE, torch.empty(96, 384).uniform_(-bound, bound), law=law_of("xavier_uniform", (96, 384)))
    assert evidence.holds is False
    assert evidence.effect == pytest.approx((bound - math.sqrt(6 / 480)) / (2 * math.sqrt(6 / 480)), rel=0.01)


def test_cut_of_a_truncated_normal_and_a_declared_range(ask) -> None:
    assert ask(RULE, torch.tensor([0.0, 2.5]), law=TruncatedNormal(0.0, 1.0, -2.0, 2.0))[0].holds is False
    assert ask(RULE, torch.tensor([0.1, 0.9]), law=Within(0.0, 1.0))[0].holds
    assert ask(RULE, torch.tensor([0.1, 1.1]), law=Within(0.0, 1.0))[0].holds is False


@pytest.mark.parametrize("law", [None, Normal(0.0, 1.0), Constant(1.0), Orthogonal(1.0, 2, 2)])
def test_no_bounds_no_question(ask, law) -> None:
    assert ask(RULE, torch.randn(10), law=law) == []
    assert ask(RULE, torch.zeros(0), law=Uniform(0.0, 1.0)) == []
