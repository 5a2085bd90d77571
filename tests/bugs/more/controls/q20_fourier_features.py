"""q20 (control): random Fourier features: a frozen N(0, 10) matrix kept as a parameter

Link: https://github.com/jmclong/random-fourier-features-pytorch/issues/6
Why it is NOT a bug: random, frozen, ten times larger than usual
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q20',
 'cls': 'control',
 'title': 'random Fourier features: a frozen N(0, 10) matrix kept as a parameter',
 'link': 'https://github.com/jmclong/random-fourier-features-pytorch/issues/6',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'random, frozen, ten times larger than usual',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, d=3, m=64):
        super().__init__()
        self.b = nn.Parameter(torch.randn(m, d) * 10, requires_grad=False)
        self.mlp = nn.Sequential(nn.Linear(2 * m, 48), nn.ReLU(), nn.Linear(48, 3))

    def forward(self, x):
        p = 2 * math.pi * x @ self.b.T
        return self.mlp(torch.cat([p.cos(), p.sin()], -1))

def build():
    return Net()

def example_input():
    return (torch.rand(6, 3),)
