import math

import pytest
import torch

from embcheck.laws.families import Normal, Uniform
from embcheck.laws.initializers import law_of
from embcheck.runner import Context

RULE = "missing-tails"
NORMAL = Normal(0.0, 1.0)


def cut(n: int, sigma: float, dtype=torch.float32) -> torch.Tensor:
    """Normals drawn anew beyond `sigma`."""
    torch.manual_seed(0)
    x = torch.randn(n)
    while (far := x.abs() > sigma).any():
        x[far] = torch.randn(int(far.sum()))
    return x.to(dtype)


@pytest.mark.parametrize("n", [2, 100, 30_000])
def test_sound_draw_passes(ask, n) -> None:
    torch.manual_seed(0)
    (evidence,) = ask(RULE, torch.randn(n), law=NORMAL)
    assert evidence.p_value > 0.01


@pytest.mark.parametrize(
    ("n", "sigma", "dtype"),
    [(30_000, 3.3, torch.float16), (30_000, 3.3, torch.float32), (4_000_000, 3.9, torch.float32)],
)
def test_cut_normals_are_caught_at_the_level_of_the_run(ask, n, sigma, dtype) -> None:
    (evidence,) = ask(RULE, cut(n, sigma, dtype), law=NORMAL)
    assert evidence.p_value < Context().alpha_each
    assert abs(evidence.measured) == pytest.approx(sigma, abs=0.02)
    assert sigma < abs(evidence.allowed) < abs(evidence.expected)
    assert evidence.effect == pytest.approx(1 - sigma / abs(evidence.expected), abs=0.01)


def test_cut_at_the_printed_size_is_always_caught(ask) -> None:
    (sound,) = ask(RULE, torch.randn(30_000), law=NORMAL)
    for _ in range(5):
        (evidence,) = ask(RULE, cut(30_000, abs(sound.allowed)), law=NORMAL)
        assert evidence.p_value <= Context().alpha_each * 1.02  # float32 spacing


def test_half_clamped_table_is_caught_by_its_counts(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(1_000_000)
    x[:500_000].clamp_(-3, 3)
    (evidence,) = ask(RULE, x, law=NORMAL)
    assert evidence.p_value < Context().alpha_each
    assert evidence.effect is None
    assert "values lie outside" in evidence.message


def test_uniform_that_never_reaches_its_bound(ask) -> None:
    torch.manual_seed(0)
    bound = math.sqrt(6 / (384 + 256)) * 0.999
    (evidence,) = ask(RULE, torch.empty(384, 256).uniform_(-bound, bound), law=law_of("xavier_uniform", (384, 256)))
    assert evidence.p_value < Context().alpha_each


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_false_alarms(false_alarms, dtype) -> None:
    assert false_alarms(RULE, lambda: torch.randn(1000).to(dtype), NORMAL) <= 0.05 + 4 * 0.0154
    assert false_alarms(RULE, lambda: torch.rand(1000).to(dtype), Uniform(0.0, 1.0)) <= 0.05 + 4 * 0.0154
