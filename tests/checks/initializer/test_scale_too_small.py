import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.initializers import law_of
from embcheck.runner import Context

RULE = "scale-too-small"
OTHER = "scale-too-large"


def test_sound_draw_passes_with_the_chi_squared_p_value(ask) -> None:
    torch.manual_seed(1)
    x = torch.randn(200, 150, dtype=torch.float64) * 0.02
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    ratio = float(x.var()) / 0.02**2
    due = stats.chi2.cdf((x.numel() - 1) * ratio, x.numel() - 1)
    assert evidence.p_value == pytest.approx(due, rel=1e-6)
    assert evidence.p_value > 1e-3
    assert evidence.measured == pytest.approx(float(x.std()), rel=1e-9)
    assert evidence.expected == 0.02


@pytest.mark.parametrize(("shape", "factor"), [((1000, 1000), 0.98), ((200, 150), 0.95)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_planted_scale_is_caught_at_the_level_of_the_run(ask, shape, factor, dtype) -> None:
    torch.manual_seed(2)
    x = (torch.randn(shape) * factor).to(dtype)
    (evidence,) = ask(RULE, x, law=Normal(0.0, 1.0))
    assert evidence.p_value < Context().alpha_each
    assert evidence.effect == pytest.approx(abs(factor - 1), abs=0.015)
    assert evidence.detectable < abs(factor - 1)
    assert (evidence.measured < evidence.allowed) is True
    (right_side,) = ask(OTHER, x, law=Normal(0.0, 1.0))
    assert right_side.p_value > 0.5
    assert right_side.effect == 0


@pytest.mark.parametrize("shape", [(96, 384), (384, 96)])
def test_xavier_from_one_fan_is_named(ask, shape) -> None:
    torch.manual_seed(3)
    law = law_of("xavier_uniform", shape)
    fan_out, fan_in = shape
    for fan, name in ((fan_in, "fan_in"), (fan_out, "fan_out")):
        bound = math.sqrt(3 / fan)
        x = torch.empty(shape).uniform_(-bound, bound)
        if (bound < law.support[1]) is True:
            (evidence,) = ask(RULE, x, law=law)
            assert evidence.p_value < 1e-50
            assert f"as from {name} alone" in evidence.message
            assert evidence.fix == "torch.nn.init.xavier_uniform_(w)"


def test_swapped_fans_are_named(ask) -> None:
    torch.manual_seed(4)
    shape = (384, 96)
    law = law_of("kaiming_normal", shape, nonlinearity="relu")
    x = torch.randn(shape) * math.sqrt(2 / shape[0])
    (evidence,) = ask(RULE, x, law=law)
    assert evidence.p_value < 1e-50
    assert "fan_in and fan_out swapped" in evidence.message


@pytest.mark.parametrize("n", [10, 400])
def test_false_alarms(false_alarms, n) -> None:
    assert false_alarms(RULE, lambda: torch.rand(n), Uniform(0.0, 1.0), 400) <= 0.05 + 4 * 0.0109


def test_one_value_has_no_std(ask) -> None:
    assert ask(RULE, torch.ones(1), law=Normal(0.0, 1.0)) == []


def test_cut_without_correction_and_forgotten_gain_are_named(ask) -> None:
    torch.manual_seed(5)
    x = torch.nn.init.trunc_normal_(torch.empty(200, 150), std=0.02, a=-0.04, b=0.04)
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    assert "cut at two std" in evidence.message
    x = torch.randn(200, 150) / math.sqrt(150)
    (evidence,) = ask(RULE, x, law=law_of("kaiming_normal", (200, 150), nonlinearity="relu"))
    assert "without the gain of relu" in evidence.message
