"""m10 (class 4): SIREN: hidden weights U(+-sqrt(6/n)) although the forward multiplies by omega_0 = 30
everywhere

Link: https://github.com/lucidrains/siren-pytorch/pull/2
Numerically: 30x too large: sin sees phases of std 30 and returns noise
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm10',
 'cls': 4,
 'title': 'SIREN: hidden weights U(+-sqrt(6/n)) although the forward multiplies by omega_0 = 30 everywhere',
 'link': 'https://github.com/lucidrains/siren-pytorch/pull/2',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': '30x too large: sin sees phases of std 30 and returns noise',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'[12].linear.weight': ['uniform', -0.007216878364870322, 0.007216878364870322]}}

import math

import torch
from torch import nn

class Sine(nn.Module):
    def __init__(self, fix, i, o, w0=30.0, first=False):
        super().__init__()
        self.w0, self.linear = w0, nn.Linear(i, o)
        bound = 1 / i if first else math.sqrt(6 / i) / (w0 if fix else 1.0)
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.w0 * self.linear(x))

def _make(fix, h=128):
    return nn.Sequential(Sine(fix, 2, h, first=True), Sine(fix, h, h), Sine(fix, h, h), nn.Linear(h, 3))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(256, 2) * 2 - 1,)
