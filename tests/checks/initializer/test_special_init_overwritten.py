import math

import torch
from torch import nn

RULE = "special-init-overwritten"


class Mixer(nn.Module):
    def __init__(self, wipe: str = "") -> None:
        super().__init__()
        self.in_proj, self.dt_proj = nn.Linear(64, 64), nn.Linear(4, 64)
        nn.init.normal_(self.in_proj.weight, 0, 0.02)
        nn.init.zeros_(self.in_proj.bias)
        step = torch.exp(torch.rand(64) * math.log(100) + math.log(0.001))
        with torch.no_grad():
            self.dt_proj.bias.copy_(step + torch.log(-torch.expm1(-step)))
        if wipe == "bias":
            nn.init.zeros_(self.dt_proj.bias)
        if wipe == "weight":
            nn.init.normal_(self.dt_proj.weight, 0, 0.02)
        self.dt_proj.bias._no_reinit = self.dt_proj.weight._no_reinit = True


def test_special_parameters_left_alone_pass(failing) -> None:
    assert not failing(RULE, Mixer())


def test_wiped_out_ones_fail(failing) -> None:
    assert set(failing(RULE, Mixer("bias"))) == {"dt_proj.bias"}
    assert set(failing(RULE, Mixer("weight"))) == {"dt_proj.weight"}


def test_declared_constant_replaced_by_zero(failing) -> None:
    net = nn.Sequential(nn.Linear(64, 64), nn.Linear(64, 64))
    nn.init.zeros_(net[1].bias)
    assert set(failing(RULE, net, expect={"1.bias": "constant(3)"})) == {"1.bias"}
    nn.init.constant_(net[1].bias, 3.0)
    assert not failing(RULE, net, expect={"1.bias": "constant(3)"})


def test_declared_constants_that_were_drawn_over(failing) -> None:
    net = nn.ModuleDict({"up": nn.Linear(64, 64), "gate": nn.Linear(64, 48)})
    expect = {"gate.weight": "zeros()"}
    nn.init.zeros_(net["gate"].weight)
    assert not failing(RULE, net, expect=expect)
    nn.init.kaiming_normal_(net["gate"].weight)
    assert set(failing(RULE, net, expect=expect)) == {"gate.weight"}


def test_declared_ranges(failing) -> None:
    net = nn.Linear(64, 64)
    expect = {"bias": "within(-7, -2)"}
    nn.init.uniform_(net.bias, -6.9, -2.1)
    assert not failing(RULE, net, expect=expect)
    nn.init.zeros_(net.bias)
    assert set(failing(RULE, net, expect=expect)) == {"bias"}
