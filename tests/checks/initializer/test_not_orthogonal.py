import math

import pytest
import torch
from torch import nn

from embcheck.laws.initializers import law_of

RULE = "not-orthogonal"


@pytest.mark.parametrize("shape", [(64, 64), (200, 30), (30, 200), (16, 8, 3, 3), (1, 5), (5, 1)])
@pytest.mark.parametrize("gain", [1.0, 1.414])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_torchs_orthogonal_passes_in_every_dtype(ask, shape, gain, dtype) -> None:
    torch.manual_seed(0)
    work = dtype if dtype.itemsize >= 4 else torch.float32
    x = nn.init.orthogonal_(torch.empty(shape, dtype=work), gain).to(dtype)
    (evidence,) = ask(RULE, x, law=law_of("orthogonal", shape, gain=gain))
    assert evidence.holds
    assert evidence.measured <= evidence.allowed


def test_directed_rounding_to_bfloat16_is_faithful(ask) -> None:
    torch.manual_seed(0)
    x = nn.init.orthogonal_(torch.empty(64, 64))
    cut = (x.view(torch.int32) & -65536).view(torch.float32).bfloat16()  # towards zero
    assert ask(RULE, cut, law=law_of("orthogonal", (64, 64)))[0].holds


def test_fused_gates_are_not_orthogonal_one_by_one(ask) -> None:
    torch.manual_seed(0)
    fused = nn.init.orthogonal_(torch.empty(256, 64))
    for gate in fused.chunk(4):
        (evidence,) = ask(RULE, gate, law=law_of("orthogonal", (64, 64)))
        assert evidence.holds is False
        assert evidence.measured > 0.3


@pytest.mark.parametrize("gain", [1.0005, math.sqrt(2)])
def test_wrong_gain_is_caught(ask, gain) -> None:
    x = nn.init.orthogonal_(torch.empty(64, 64), gain)
    (evidence,) = ask(RULE, x, law=law_of("orthogonal", (64, 64)))
    assert evidence.holds is False
    assert evidence.measured == pytest.approx(gain**2 - 1, rel=1e-2)


def test_normal_draw_and_nan_are_caught(ask) -> None:
    law = law_of("orthogonal", (64, 64))
    assert ask(RULE, torch.randn(64, 64) / 8, law=law)[0].holds is False
    x = nn.init.orthogonal_(torch.empty(64, 64))
    x[0, 0] = math.nan
    (evidence,) = ask(RULE, x, law=law)
    assert evidence.holds is False
    assert evidence.measured is None


def test_other_laws_are_not_asked(ask) -> None:
    assert ask(RULE, torch.eye(3)) == []
