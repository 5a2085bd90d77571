"""m05 (class 4): normal_(0, 2/fan_in): the variance is handed over as the standard deviation

Link: https://github.com/Modalities/modalities/pull/161
Numerically: std 2/256 instead of sqrt(2/256): 11x too small a layer
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 'm05',
 'cls': 4,
 'title': 'normal_(0, 2/fan_in): the variance is handed over as the standard deviation',
 'link': 'https://github.com/Modalities/modalities/pull/161',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'std 2/256 instead of sqrt(2/256): 11x too small a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class QNet(nn.Module):
    def __init__(self, fix, obs=24, h=256, actions=6, depth=5):
        super().__init__()
        sizes = [obs] + [h] * depth
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.value = nn.Linear(h, 1)
        self.advantage = nn.Linear(h, actions)
        for m in self.hidden:
            var = 2.0 / m.in_features
            nn.init.normal_(m.weight, 0.0, math.sqrt(var) if fix else var)
            nn.init.constant_(m.bias, 0.0)

    def forward(self, x):
        for m in self.hidden:
            x = torch.relu(m(x))
        a = self.advantage(x)
        return self.value(x) + a - a.mean(-1, keepdim=True)

def _make(fix):
    return QNet(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 24),)
