"""n62 (class 6): GatedDeltaNet's A_log and dt_bias are not in _init_weights: the fallback zeroes them

Link: https://github.com/fla-org/flash-linear-attention/pull/380
Numerically: A_log = 0 in every head instead of log U(0, 16); dt_bias = 0 instead of softplus^-1 of
    [1e-3, 1e-1]
Expected finding: special_init_overwritten, init_not_applied, wrong_distribution, all_zero_param
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n62',
 'cls': 6,
 'title': "GatedDeltaNet's A_log and dt_bias are not in _init_weights: the fallback zeroes them",
 'link': 'https://github.com/fla-org/flash-linear-attention/pull/380',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'wrong_distribution', 'all_zero_param'],
 'sees': 'A_log = 0 in every head instead of log U(0, 16); dt_bias = 0 instead of softplus^-1 of [1e-3, '
         '1e-1]',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'exp(*.A_log)': ['range', 0.0, 16.0], 'softplus(*.dt_bias)': ['range', 0.0001, 0.1]}}

import math
import torch
from torch import nn
from torch.nn import functional as F

class GatedDeltaNet(nn.Module):
    def __init__(self, d=64, heads=16):
        super().__init__()
        self.q_proj, self.o_proj = nn.Linear(d, d, bias=False), nn.Linear(d, d, bias=False)
        self.a_proj = nn.Linear(d, heads, bias=False)
        self.A_log = nn.Parameter(torch.log(torch.empty(heads).uniform_(1e-3, 16)))
        dt = torch.exp(torch.rand(heads) * (math.log(0.1) - math.log(0.001)) + math.log(0.001)).clamp(min=1e-4)
        self.dt_bias = nn.Parameter(dt + torch.log(-torch.expm1(-dt)))
        self.A_log._no_weight_decay = True
        self.dt_bias._no_weight_decay = True

    def forward(self, x):
        g = -self.A_log.exp() * F.softplus(self.a_proj(x) + self.dt_bias)
        return self.o_proj(self.q_proj(x) * g.exp().repeat_interleave(4, -1))

class Model(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.layers = nn.ModuleList([GatedDeltaNet() for _ in range(2)])
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0, 0.02)
            elif isinstance(m, GatedDeltaNet) and not fix:
                for p in (m.A_log, m.dt_bias):
                    nn.init.zeros_(p)

    def forward(self, x):
        for l in self.layers:
            x = x + l(x)
        return x

def _make(fix):
    return Model(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 64),)
