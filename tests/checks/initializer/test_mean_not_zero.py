import math

import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.runner import Context

RULE = "mean-not-zero"


def test_sound_draw_has_the_z_test(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(10_000, dtype=torch.float64) * 0.02
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    z = abs(float(x.mean())) * 100 / 0.02
    assert evidence.p_value == pytest.approx(2 * stats.norm.sf(z), rel=1e-6)
    assert evidence.effect == pytest.approx(z / 100, rel=1e-9)
    assert abs(evidence.measured) < evidence.allowed


def test_rand_for_two_rand_minus_one_is_caught(ask) -> None:
    torch.manual_seed(0)
    (evidence,) = ask(RULE, torch.rand(256, 128) * 0.1, law=Uniform(-0.1, 0.1))
    assert evidence.p_value == 0 or evidence.p_value < 1e-300
    assert evidence.measured == pytest.approx(0.05, abs=0.001)
    assert evidence.expected == 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_shift_at_twice_the_printed_size_is_caught_and_at_a_quarter_is_not(ask, dtype) -> None:
    torch.manual_seed(1)
    x, law = torch.randn(30_000), Normal(0.0, 1.0)
    (sound,) = ask(RULE, x.to(dtype), law=law)
    (far,) = ask(RULE, (x + 2 * sound.detectable).to(dtype), law=law)
    (near,) = ask(RULE, (x - x.mean() + sound.detectable / 4).to(dtype), law=law)
    assert far.p_value < Context().alpha_each < near.p_value


@pytest.mark.parametrize("n", [1, 3, 200])
def test_false_alarms(false_alarms, n) -> None:
    assert false_alarms(RULE, lambda: torch.rand(n), Uniform(0.0, 1.0), 400) <= 0.05 + 4 * 0.0109


def test_values_that_are_not_finite_are_left_to_their_rule(ask) -> None:
    x = torch.zeros(100)
    x[3], x[4] = math.nan, math.inf
    (evidence,) = ask(RULE, x, law=Normal(0.0, 1.0))
    assert evidence.n == 98
