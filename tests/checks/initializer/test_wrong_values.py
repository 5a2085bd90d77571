import math

import pytest
import torch
from torch import nn

from embcheck.laws.families import Constant, Dirac, Eye, Given, Normal

RULE = "wrong-values"


@pytest.mark.parametrize(
    ("value", "law"),
    [
        (nn.init.eye_(torch.empty(7, 5)), Eye()),
        (nn.init.dirac_(torch.empty(6, 4, 3, 3)), Dirac()),
        (nn.init.dirac_(torch.empty(6, 4, 3), groups=2), Dirac(groups=2)),
        (torch.zeros(3, 4), Constant(0.0)),
        (-torch.zeros(3), Constant(0.0)),
        (torch.ones(2, dtype=torch.int64), Constant(1.0)),
        (torch.full((5,), 0.3), Constant(0.3)),
        (torch.full((5,), 0.3, dtype=torch.bfloat16), Constant(0.3)),
        (torch.arange(12.0).reshape(3, 4).t(), Given(torch.arange(12.0).reshape(3, 4).t().clone())),
        (torch.zeros(0, 3), Constant(1.0)),
    ],
)
def test_exact_values_pass(ask, value, law) -> None:
    (evidence,) = ask(RULE, value, law=law)
    assert evidence.holds
    assert evidence.n == value.numel()


def test_other_neighbour_of_a_value_that_the_dtype_lacks_is_faithful(ask) -> None:
    low, high = 0.298828125, 0.30078125  # the bfloat16 neighbours of 0.3
    for x in (low, high):
        assert ask(RULE, torch.full((4,), x, dtype=torch.bfloat16), law=Constant(0.3))[0].holds
    assert ask(RULE, torch.full((4,), 0.302734375, dtype=torch.bfloat16), law=Constant(0.3))[0].holds is False


@pytest.mark.parametrize("wrong", [1.0000001192092896, 0.0, math.nan, math.inf])
def test_one_wrong_element_is_caught_and_placed(ask, wrong) -> None:
    x = torch.eye(6)
    x[4, 4] = wrong
    (evidence,) = ask(RULE, x, law=Eye())
    assert evidence.holds is False
    assert "1 of 36 elements" in evidence.message
    assert "[4, 4]" in evidence.message
    assert evidence.expected == 1
    assert evidence.fix == "torch.nn.init.eye_(w)"


def test_given_values_of_another_shape(ask) -> None:
    (evidence,) = ask(RULE, torch.zeros(3, 4), law=Given(torch.zeros(4, 3)))
    assert evidence.holds is False
    assert "shape" in evidence.message


def test_law_of_draws_is_not_asked(ask) -> None:
    assert ask(RULE, torch.zeros(3), law=Normal(0.0, 1.0)) == []
    assert ask(RULE, torch.zeros(3)) == []


def test_sparse_tensor_is_skipped_with_a_reason(ask) -> None:
    (skip,) = ask(RULE, torch.eye(3).to_sparse(), law=Eye())
    assert "sparse" in skip.reason
    (skip,) = ask(RULE, torch.zeros(3, dtype=torch.complex64), law=Constant(0.0))
    assert "complex" in skip.reason
