import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Constant, Normal, Orthogonal, Uniform

RULE = "wrong-distribution"


def test_sound_draw_passes_and_equals_scipy(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(200, 150) * 0.02
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    due = stats.kstest(x.double().flatten().numpy(), stats.norm(0, 0.02).cdf)
    assert evidence.measured == pytest.approx(due.statistic, abs=1e-9)
    assert evidence.p_value == pytest.approx(due.pvalue, rel=1e-2)
    assert evidence.measured < evidence.allowed < evidence.detectable
    assert evidence.n == 30_000


def test_uniform_with_the_std_of_the_normal_is_caught(ask) -> None:
    torch.manual_seed(0)
    bound = 0.02 * math.sqrt(3)
    (evidence,) = ask(RULE, torch.empty(3000).uniform_(-bound, bound), law=Normal(0.0, 0.02))
    assert evidence.p_value < 1e-8
    assert evidence.measured > evidence.allowed
    assert "too many values" in evidence.message
    assert evidence.fix == "torch.nn.init.normal_(w, 0, 0.02)"


def test_half_forgotten_rows_are_caught(ask) -> None:
    torch.manual_seed(0)
    x = torch.cat([torch.randn(50, 100) * 0.02, torch.zeros(5, 100)])
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    assert evidence.p_value < 1e-6
    assert evidence.measured == pytest.approx(0.5 * 500 / 5500, abs=0.02)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_false_alarms(false_alarms, dtype) -> None:
    assert false_alarms(RULE, lambda: torch.rand(400).to(dtype), Uniform(0.0, 1.0)) <= 0.05 + 4 * 0.0154


@pytest.mark.parametrize("law", [None, Constant(0.0), Orthogonal(1.0, 4, 4)])
def test_no_law_of_independent_draws_no_question(ask, law) -> None:
    assert ask(RULE, torch.zeros(4, 4), law=law) == []


@pytest.mark.parametrize(
    "value", [torch.zeros(0), torch.tensor([math.nan, math.inf]), torch.ones(3, dtype=torch.int64)]
)
def test_nothing_to_look_at(ask, value) -> None:
    assert ask(RULE, value, law=Normal(0.0, 1.0)) == []


def test_what_fails_is_drawn_and_what_passes_is_not(ask) -> None:
    x = torch.rand(300, 100)
    (evidence,) = ask(RULE, x, law=Uniform(-1.0, 1.0))
    assert sum(count for _, count in evidence.histogram) == x.numel()
    (evidence,) = ask(RULE, x, law=Uniform(0.0, 1.0))
    assert evidence.histogram is None
