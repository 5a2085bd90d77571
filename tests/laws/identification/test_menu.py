"""Proposals and their likelihoods."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from embcheck.laws.declared import parse
from embcheck.laws.families import Normal, TruncatedNormal, Uniform
from embcheck.laws.identification.estimates import estimates
from embcheck.laws.identification.menu import Menu, menu
from embcheck.laws.identification.proposals import Proposal, constants, known, own
from embcheck.laws.identification.sample import sample_of
from embcheck.stats.summary import summarize


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_scores_are_log_likelihoods(dtype):
    x = np.random.default_rng(0).uniform(-1, 1, 500) + 0.01
    sample = sample_of(summarize(torch.from_numpy(x).to(dtype)))
    laws = [Normal(0, 0.5), Normal(0.1, 0.7), TruncatedNormal(0, 0.6, -1.5, 1.2), Uniform(-1.1, 1.2), Uniform(-0.9, 2)]
    wanted = [
        stats.norm(0, 0.5).logpdf(x).sum(),
        stats.norm(0.1, 0.7).logpdf(x).sum(),
        stats.truncnorm(-1.5 / 0.6, 2.0, 0, 0.6).logpdf(x).sum(),
        stats.uniform(-1.1, 2.3).logpdf(x).sum(),
        -math.inf,
    ]
    scores = Menu([Proposal(law, 3.0) for law in laws]).scores(sample)
    np.testing.assert_allclose(scores, np.asarray(wanted) - 3, rtol=1e-6)


@pytest.mark.parametrize("shape", [(64, 48), (192, 48), (8, 16, 3), (8, 16, 3, 3), (2, 3, 4, 5, 6), (64,), ()], ids=str)
def test_what_is_proposed_can_be_typed(shape):
    """The name of every proposal, read as a declaration with its layout, is the proposed law."""
    for proposal in (*constants(), *known(shape, recurrent=False)):
        blocks = (shape[0] // proposal.blocks, *shape[1:]) if proposal.blocks > 1 else shape
        assert parse(str(proposal.law)).law(blocks, layout=proposal.layout) == proposal.law, proposal.name
        assert proposal.cost > 0


def test_the_layer_comes_first():
    (proposal,) = own((5, 4), nn.Linear(4, 5), "block.fc.weight")
    assert (proposal.name, proposal.cost) == ("default()", 0)
    assert list(own((5, 4), nn.ReLU(), "weight")) == []
    bounds = [p.law.support[1] for p in own((12, 7), None, "rnn.weight_ih_l0")]
    assert bounds == pytest.approx([3**-0.5, 0.5, 12**-0.5], rel=1e-15)
    assert len(menu((5, 4), nn.Linear(4, 5), "weight")) == 3


def test_estimates_pay_for_what_they_take():
    x = np.random.default_rng(1).standard_normal(10_000) * 0.0317
    normal, *others = estimates(sample_of(summarize(torch.from_numpy(x))))
    assert normal.law.std == pytest.approx(np.sqrt((x**2).mean()), rel=1e-4)
    assert normal.cost == pytest.approx(6 + math.log(10_000) / 2)
    assert all(p.cost > normal.cost for p in others)
    assert not list(estimates(sample_of(summarize(torch.zeros(5)))))
