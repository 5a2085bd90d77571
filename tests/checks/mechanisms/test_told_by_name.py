"""Names that say how a parameter starts."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from embcheck.commands.audit import audit


def found(model: nn.Module) -> set[str]:
    return {o.subject for o in audit(model).failed if o.rule == "special-init-overwritten"}


def lora(a: torch.Tensor, b: torch.Tensor) -> nn.Module:
    model = nn.Linear(48, 48)
    model.lora_A, model.lora_B = nn.Parameter(a), nn.Parameter(b)
    return model


def test_one_factor_of_a_pair_is_zero() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(6, 48) / math.sqrt(48), torch.randn(48, 6)
    assert found(lora(a, b)) == {"lora_B"}
    assert not found(lora(a, torch.zeros(48, 6)))
    assert not found(lora(torch.zeros(6, 48), b))  # embeddings have it the other way round


def test_factors_of_the_base_weight_pass() -> None:
    torch.manual_seed(0)
    u, s, v = torch.linalg.svd(torch.randn(48, 48) * 0.02)
    assert not found(lora(s[:6].sqrt()[:, None] * v[:6], u[:, :6] * s[:6].sqrt()))
    q = nn.init.orthogonal_(torch.empty(48, 6))
    assert not found(lora(torch.randn(6, 48) * 0.1, q))


def test_layers_that_are_called_zero() -> None:
    torch.manual_seed(0)
    for name, module in (("zero_conv", nn.Conv2d(8, 8, 1)), ("zero_linear", nn.Linear(16, 16))):
        assert found(nn.ModuleDict({name: module})) == {f"{name}.weight"}
        nn.init.zeros_(module.weight)
        assert not found(nn.ModuleDict({name: module}))
    assert not found(nn.ModuleDict({"zero_shot_head": nn.Linear(16, 16)}))


@pytest.mark.parametrize("seed", range(5))
def test_decay_rates_spread(seed: int) -> None:
    torch.manual_seed(seed)
    model = nn.Module()
    for sound in (torch.arange(1.0, 17.0).repeat(32, 1).log(), torch.empty(64).uniform_(1, 16).log()):
        model.A_log = nn.Parameter(sound)
        assert not found(model)
    model.A_log = nn.Parameter(torch.randn(32, 16) * 0.02)
    assert found(model) == {"A_log"}
