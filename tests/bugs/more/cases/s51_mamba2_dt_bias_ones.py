"""s51 (class 4): Mamba2: dt_bias is ones, where the inverse softplus of log-uniform steps was meant

Link: https://github.com/fla-org/flash-linear-attention/pull/739
Numerically: softplus(1) = 1.31: every head forgets at once
Expected finding: out_of_bounds, wrong_distribution, wrong_values, init_not_applied,
    special_init_overwritten  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's51',
 'cls': 4,
 'title': 'Mamba2: dt_bias is ones, where the inverse softplus of log-uniform steps was meant',
 'link': 'https://github.com/fla-org/flash-linear-attention/pull/739',
 'also': [],
 'level': 'S',
 'expect': ['out_of_bounds',
            'wrong_distribution',
            'wrong_values',
            'init_not_applied',
            'special_init_overwritten'],
 'sees': 'softplus(1) = 1.31: every head forgets at once',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'softplus(mixer.dt_bias)': ['range', 0.001, 0.1]}}

import math
import torch
from torch import nn

class Mixer(nn.Module):
    def __init__(self, fix, heads=48, low=1e-3, high=0.1):
        super().__init__()
        self.A_log = nn.Parameter(torch.log(torch.empty(heads).uniform_(1, 16)))
        self.D = nn.Parameter(torch.ones(heads))
        dt = torch.exp(torch.rand(heads) * (math.log(high) - math.log(low)) + math.log(low))
        self.dt_bias = nn.Parameter(dt + torch.log(-torch.expm1(-dt)) if fix else torch.ones(heads))

    def forward(self, x):
        return x * torch.exp(-self.A_log.exp() * nn.functional.softplus(self.dt_bias)) + self.D * x

def _make(fix):
    return nn.ModuleDict({"mixer": Mixer(fix)})

def build():
    return _make(False)

def build_fixed():
    return _make(True)
