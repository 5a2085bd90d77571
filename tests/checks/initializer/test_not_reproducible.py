import random

import numpy as np
import torch
from torch import nn

RULE = "not-reproducible"


def test_seeded_factories_pass_whatever_they_draw_from(failing) -> None:
    def build() -> nn.Module:
        net = nn.Linear(8, 8)
        with torch.no_grad():
            net.weight[0, 0] = random.random()
            net.weight[0, 1] = float(np.random.rand())
        return net

    assert not failing(RULE, build)


def test_generator_of_its_own_fails(failing) -> None:
    source = torch.Generator()
    source.seed()

    def build() -> nn.Module:
        net = nn.Linear(8, 8)
        with torch.no_grad():
            net.weight.copy_(torch.randn(8, 8, generator=source))
        return net

    assert set(failing(RULE, build)) == {"weight"}


def test_same_draws_laid_out_in_another_way(failing) -> None:
    torch.manual_seed(3)
    reference = torch.empty(24, 24).uniform_(-0.1, 0.1)
    assert not failing(RULE, {"w": reference.clone()}, reference={"w": reference})
    for other in (reference.t().contiguous(), reference.flip(0)):
        assert failing(RULE, {"w": other}, reference={"w": reference})["w"].severity.value == "error"


def test_other_draws_of_the_law_are_a_warning(failing) -> None:
    a, b = torch.randn(64, 64) * 0.02, torch.randn(64, 64) * 0.02
    assert failing(RULE, {"w": a}, reference={"w": b})["w"].severity.value == "warning"
    assert not failing(RULE, {"w": a}, reference={"w": b + 1})
