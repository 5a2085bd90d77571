"""What `scale-too-small` and `scale-too-large` share: one test of the standard deviation, a side each."""

import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.initializers import law_of
from embcheck.runner import Context

SMALL, LARGE = "scale-too-small", "scale-too-large"
both = pytest.mark.parametrize("rule", [SMALL, LARGE])


@pytest.mark.parametrize(("rule", "tail"), [(SMALL, stats.chi2.cdf), (LARGE, stats.chi2.sf)])
def test_sound_draw_passes_with_the_chi_squared_p_value(ask, rule, tail) -> None:
    torch.manual_seed(1)
    x = torch.randn(200, 150, dtype=torch.float64) * 0.02
    (evidence,) = ask(rule, x, law=Normal(0.0, 0.02))
    ratio = float(x.var()) / 0.02**2
    assert evidence.p_value == pytest.approx(tail((x.numel() - 1) * ratio, x.numel() - 1), rel=1e-6)
    assert evidence.p_value > 1e-3
    assert evidence.measured == pytest.approx(float(x.std()), rel=1e-9)
    assert evidence.expected == 0.02


@pytest.mark.parametrize(("shape", "error"), [((1000, 1000), 0.02), ((200, 150), 0.05)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@both
def test_planted_scale_is_caught_at_the_level_of_the_run(ask, rule, shape, error, dtype) -> None:
    torch.manual_seed(2)
    x = (torch.randn(shape) * (1 - error if rule == SMALL else 1 + error)).to(dtype)
    (evidence,) = ask(rule, x, law=Normal(0.0, 1.0))
    assert evidence.p_value < Context().alpha_each
    assert evidence.effect == pytest.approx(error, abs=0.015)
    assert evidence.detectable < error
    assert evidence.measured < evidence.allowed if rule == SMALL else evidence.measured > evidence.allowed
    (other_side,) = ask(LARGE if rule == SMALL else SMALL, x, law=Normal(0.0, 1.0))
    assert other_side.p_value > 0.5
    assert other_side.effect == 0


# the larger fan gives the smaller bound
@pytest.mark.parametrize(
    ("rule", "shape", "fan", "name"),
    [
        (SMALL, (96, 384), 384, "fan_in"), (SMALL, (384, 96), 384, "fan_out"),
        (LARGE, (96, 384), 96, "fan_out"), (LARGE, (384, 96), 96, "fan_in"),
    ],
)  # fmt: skip
def test_xavier_from_one_fan_is_named(ask, rule, shape, fan, name) -> None:
    torch.manual_seed(3)
    bound = math.sqrt(3 / fan)
    (evidence,) = ask(rule, torch.empty(shape).uniform_(-bound, bound), law=law_of("xavier_uniform", shape))
    assert evidence.p_value < 1e-50
    assert f"as from {name} alone" in evidence.message
    assert evidence.fix == "torch.nn.init.xavier_uniform_(w)"


@pytest.mark.parametrize(("rule", "shape"), [(SMALL, (384, 96)), (LARGE, (96, 384))])
def test_swapped_fans_are_named(ask, rule, shape) -> None:
    torch.manual_seed(4)
    law = law_of("kaiming_normal", shape, nonlinearity="relu")
    (evidence,) = ask(rule, torch.randn(shape) * math.sqrt(2 / shape[0]), law=law)
    assert evidence.p_value < 1e-50
    assert "fan_in and fan_out swapped" in evidence.message


@pytest.mark.parametrize("n", [10, 400])
@both
def test_false_alarms(false_alarms, rule, n) -> None:
    assert false_alarms(rule, lambda: torch.rand(n), Uniform(0.0, 1.0), 400) <= 0.05 + 4 * 0.0109


@both
def test_one_value_has_no_std(ask, rule) -> None:
    assert ask(rule, torch.ones(1), law=Normal(0.0, 1.0)) == []
