import pytest
import torch
from scipy import stats

from embcheck.laws.families import Normal, Uniform
from embcheck.runner import Context

RULE = "outliers"
LAW = Normal(0.0, 0.02)


def draw(n: int = 30_000) -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(n) * 0.02


def test_sound_draw_passes(ask) -> None:
    (evidence,) = ask(RULE, draw(), law=LAW)
    assert evidence.p_value > 0.01
    assert evidence.measured < evidence.detectable


@pytest.mark.parametrize("where", [1.0, -1.0])
def test_one_value_just_beyond_the_printed_size_is_caught(ask, where) -> None:
    x = draw()
    (sound,) = ask(RULE, x, law=LAW)
    x[17] = where * 1.01 * sound.detectable * 0.02
    (evidence,) = ask(RULE, x, law=LAW)
    assert evidence.p_value <= Context().alpha_each
    assert evidence.measured == pytest.approx(1.01 * sound.detectable, rel=1e-5)
    assert ("largest" if where > 0 else "smallest") in evidence.message
    # n times the exact tail, two sides, three tests
    assert evidence.p_value == pytest.approx(6 * 30_000 * stats.norm.sf(evidence.measured), rel=0.02)


def test_heavy_tailed_minority_is_counted(ask) -> None:
    x = draw()
    x[:600] *= 1.6  # nothing beyond six sigma, too many beyond three
    (evidence,) = ask(RULE, x.clamp(-5 * 0.02, 5 * 0.02), law=LAW)
    assert evidence.p_value < 1e-3
    assert "values lie outside" in evidence.message


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_false_alarms(false_alarms, dtype) -> None:
    assert false_alarms(RULE, lambda: torch.randn(1000).to(dtype), Normal(0.0, 1.0)) <= 0.05 + 4 * 0.0154


def test_bounded_law_is_left_to_its_bounds(ask) -> None:
    assert ask(RULE, torch.rand(100), law=Uniform(0.0, 1.0)) == []
