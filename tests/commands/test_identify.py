"""The public `identify` and `check`."""

import numpy as np
import pytest
import torch
from torch import nn

from embcheck.commands.identify import check, identify
from embcheck.errors import UsageError
from embcheck.results import Status


@pytest.fixture
def weight():
    torch.manual_seed(0)
    return nn.init.xavier_uniform_(torch.empty(300, 200), gain=1.414)


def test_identify(weight):
    assert identify(weight).name == "xavier_uniform(gain=1.414)"
    assert identify(weight.numpy()).name == "xavier_uniform(gain=1.414)"
    assert identify(np.zeros((3, 3))).name == "zeros()"
    layer = nn.Linear(100, 300)
    assert identify(layer.weight, module=layer).name == "default()"
    with pytest.raises(UsageError, match="A tensor is needed, not str"):
        identify("weight")


def test_check_passes_what_was_declared(weight):
    outcome = check(weight, "xavier_uniform(gain=1.414)")
    assert outcome.status is Status.PASS
    assert outcome.subject == "tensor"


@pytest.mark.parametrize(
    ("law", "rules"),
    [
        ("xavier_uniform()", {"out-of-bounds", "wrong-distribution", "scale-too-large"}),
        ("xavier_uniform(gain=1.6)", {"wrong-distribution", "scale-too-small", "missing-tails"}),
        ("xavier_normal(gain=1.414)", {"wrong-distribution", "missing-tails"}),
        ("zeros()", {"wrong-values"}),
        ("orthogonal()", {"not-orthogonal", "scale-too-large"}),
    ],
)
def test_check_fails_what_was_not(weight, law, rules):
    outcome = check(weight, law)
    assert outcome.status is Status.FAIL
    assert outcome.rule in rules


def test_check_takes_what_stands_beside_a_declaration():
    torch.manual_seed(0)
    stacked = torch.cat([nn.init.orthogonal_(torch.empty(64, 64)) for _ in range(4)])
    assert check(stacked, "orthogonal()", blocks=4).status is Status.PASS
    assert check(stacked, "orthogonal()").status is Status.FAIL
    bias = torch.zeros(256)
    assert check(bias, "constant(1)", slice="[64:128]", name="bias").subject == "bias[64:128]"
    table = nn.Embedding(100, 50, padding_idx=0).weight
    assert check(table, "normal()", padding_idx=0).status is Status.PASS
    assert check(table, "normal()", padding_idx=5).status is Status.FAIL


def test_check_leaves_the_random_state_alone(weight):
    state = torch.get_rng_state()
    check(weight, "xavier_uniform(gain=1.414)")
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("law", "beside", "says"),
    [
        ("xavier_unifrom()", {}, "did you mean xavier_uniform"),
        ("default()", {}, "needs the live layer"),
        ("zeros()", {"block": 4}, "unknown key 'block'"),
        ("zeros()", {"blocks": 7}, "do not divide"),
    ],
)
def test_check_refuses_in_one_sentence(weight, law, beside, says):
    with pytest.raises(UsageError, match=says):
        check(weight, law, **beside)
