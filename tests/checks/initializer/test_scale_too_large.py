"""Weights that are too large; both sides of the test are asked in `mechanisms/test_scale_of_law`."""

import pytest
import torch

from embcheck.laws.families import Normal
from embcheck.laws.initializers import law_of

RULE = "scale-too-large"


def test_sound_passes_and_twice_is_caught(ask) -> None:
    torch.manual_seed(0)
    x = torch.randn(64, 64)
    (sound,) = ask(RULE, x, law=Normal(0.0, 1.0))
    (doubled,) = ask(RULE, 2 * x, law=Normal(0.0, 1.0))
    assert sound.p_value > 1e-3
    assert doubled.p_value < 1e-50
    assert doubled.effect == pytest.approx(1.0, abs=0.04)


def test_an_orthogonal_matrix_has_an_exact_scale(ask) -> None:
    torch.manual_seed(0)
    q = torch.nn.init.orthogonal_(torch.empty(64, 32))
    assert ask(RULE, q, law=law_of("orthogonal", (64, 32)))[0].holds is True
    assert ask(RULE, 1.2 * q, law=law_of("orthogonal", (64, 32)))[0].holds is False
