"""n30 (class 3): nn.ModuleList([Residual(...)] * n) puts the same block n times

Link: https://github.com/zalandoresearch/pytorch-vq-vae/issues/2
Numerically: _layers.0 is _layers.1: one set of weights for the whole stack
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n30',
 'cls': 3,
 'title': 'nn.ModuleList([Residual(...)] * n) puts the same block n times',
 'link': 'https://github.com/zalandoresearch/pytorch-vq-vae/issues/2',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': '_layers.0 is _layers.1: one set of weights for the whole stack',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Residual(nn.Module):
    def __init__(self, c, h):
        super().__init__()
        self._block = nn.Sequential(nn.ReLU(), nn.Conv2d(c, h, 3, padding=1, bias=False), nn.ReLU(), nn.Conv2d(h, c, 1, bias=False))

    def forward(self, x):
        return x + self._block(x)

class Encoder(nn.Module):
    def __init__(self, fix, c=16, n=2):
        super().__init__()
        self._conv_1 = nn.Conv2d(3, c, 4, 2, 1)
        self._layers = nn.ModuleList([Residual(c, 8) for _ in range(n)] if fix else [Residual(c, 8)] * n)

    def forward(self, x):
        x = self._conv_1(x)
        for l in self._layers:
            x = l(x)
        return torch.relu(x)

def _make(fix):
    return Encoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 16, 16),)
