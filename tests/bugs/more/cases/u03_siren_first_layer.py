"""u03 (class 4): SIREN's first layer is drawn like the hidden ones, U(+-sqrt(6/n)/w0) instead of U(+-1/n)

Link: https://github.com/lucidrains/siren-pytorch/issues/1
Numerically: bound 0.058 instead of 0.5 for two coordinates
Expected finding: scale_too_small, wrong_distribution, out_of_bounds  [visible from S]
"""
META = {'id': 'u03',
 'cls': 4,
 'title': "SIREN's first layer is drawn like the hidden ones, U(+-sqrt(6/n)/w0) instead of U(+-1/n)",
 'link': 'https://github.com/lucidrains/siren-pytorch/issues/1',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small', 'wrong_distribution', 'out_of_bounds'],
 'sees': 'bound 0.058 instead of 0.5 for two coordinates',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'net.0.linear.weight': ['uniform', -0.5, 0.5]}}

import math
import torch
from torch import nn

class Sine(nn.Module):
    def __init__(self, n, m, is_first, fix, w0=30.0):
        super().__init__()
        self.w0, self.linear = w0, nn.Linear(n, m)
        bound = 1 / n if is_first and fix else math.sqrt(6 / n) / w0
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.w0 * self.linear(x))

class Siren(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.net = nn.Sequential(Sine(2, 128, True, fix), Sine(128, 128, False, fix), Sine(128, 128, False, fix))
        self.out = nn.Linear(128, 3)
        b = math.sqrt(6 / 128) / 30
        nn.init.uniform_(self.out.weight, -b, b)

    def forward(self, xy):
        return self.out(self.net(xy))

def _make(fix):
    return Siren(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(256, 2) * 2 - 1,)
