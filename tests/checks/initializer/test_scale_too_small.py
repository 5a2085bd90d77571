"""Slips that only make weights smaller; both sides of the test are asked in `mechanisms/test_scale_of_law`."""

import math

import pytest
import torch

from embcheck.laws.families import Normal
from embcheck.laws.initializers import law_of

RULE = "scale-too-small"


def test_sound_passes_and_half_is_caught(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(64, 64)
    (sound,) = ask(RULE, x, law=Normal(0.0, 1.0))
    (halved,) = ask(RULE, x / 2, law=Normal(0.0, 1.0))
    assert sound.p_value > 1e-3
    assert halved.p_value < 1e-50
    assert halved.effect == pytest.approx(0.5, abs=0.02)


def test_cut_without_correction_and_forgotten_gain_are_named(ask) -> None:
    torch.manual_seed(5)
    x = torch.nn.init.trunc_normal_(torch.empty(200, 150), std=0.02, a=-0.04, b=0.04)
    (evidence,) = ask(RULE, x, law=Normal(0.0, 0.02))
    assert "cut at two std" in evidence.message
    x = torch.randn(200, 150) / math.sqrt(150)
    (evidence,) = ask(RULE, x, law=law_of("kaiming_normal", (200, 150), nonlinearity="relu"))
    assert "without the gain of relu" in evidence.message
