"""s04 (class 4): weights are N(0, 1) as equalised learning rate wants them, but nothing scales them at
    run time

Link: https://github.com/lucidrains/stylegan2-pytorch/issues/112
Numerically: a mapping network of 6 layers multiplies the signal by sqrt(d/2) at each
Expected finding: scale_too_large, exploding_activations  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 's04',
 'cls': 4,
 'title': 'weights are N(0, 1) as equalised learning rate wants them, but nothing scales them at run time',
 'link': 'https://github.com/lucidrains/stylegan2-pytorch/issues/112',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations'],
 'sees': 'a mapping network of 6 layers multiplies the signal by sqrt(d/2) at each',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class EqualLinear(nn.Module):
    def __init__(self, d, fix):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(d, d))
        self.bias = nn.Parameter(torch.zeros(d))
        self.scale = math.sqrt(2 / d) if fix else 1.0

    def forward(self, x):
        return nn.functional.leaky_relu(nn.functional.linear(x, self.weight * self.scale, self.bias), 0.2)

def _make(fix, d=64):
    return nn.Sequential(*[EqualLinear(d, fix) for _ in range(6)])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(16, 64),)
