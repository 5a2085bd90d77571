"""s50 (class 4): the inverse softplus is taken of log(dt) instead of dt: steps far below dt_min

Link: https://github.com/kmheckel/spyx/pull/42
Numerically: softplus(bias) is about dt**2
Expected finding: out_of_bounds, wrong_distribution, special_init_overwritten, init_not_applied,
    scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's50',
 'cls': 4,
 'title': 'the inverse softplus is taken of log(dt) instead of dt: steps far below dt_min',
 'link': 'https://github.com/kmheckel/spyx/pull/42',
 'also': [],
 'level': 'S',
 'expect': ['out_of_bounds',
            'wrong_distribution',
            'special_init_overwritten',
            'init_not_applied',
            'scale_too_large'],
 'sees': 'softplus(bias) is about dt**2',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'softplus(block.dt_proj.bias)': ['range', 0.001, 0.1]}}

import math
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, fix, d=64, rank=4, low=1e-3, high=0.1):
        super().__init__()
        self.fix = fix
        self.x_proj, self.dt_proj = nn.Linear(d, rank, bias=False), nn.Linear(rank, d)
        nn.init.uniform_(self.dt_proj.weight, -rank ** -0.5, rank ** -0.5)
        log_dt = torch.rand(d) * (math.log(high) - math.log(low)) + math.log(low)
        with torch.no_grad():
            self.dt_proj.bias.copy_(self._bias(log_dt))

    def forward(self, x):
        dt = nn.functional.softplus(self.dt_proj(self.x_proj(x)))
        return x * torch.exp(-dt)

    def _bias(self, log_dt):
        dt = log_dt.exp()
        return dt + torch.log(-torch.expm1(-dt)) if self.fix else log_dt + torch.log1p(-torch.exp(-dt))

def _make(fix):
    return nn.ModuleDict({"block": Block(fix)})

def build():
    return _make(False)

def build_fixed():
    return _make(True)
