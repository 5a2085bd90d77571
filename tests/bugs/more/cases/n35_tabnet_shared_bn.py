"""n35 (class 3): with deepcopy removed to share the linear layers, the batch norms became shared too

Link: https://github.com/dreamquark-ai/tabnet/pull/76
Numerically: the same BatchNorm1d (statistics included) sits in every step
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n35',
 'cls': 3,
 'title': 'with deepcopy removed to share the linear layers, the batch norms became shared too',
 'link': 'https://github.com/dreamquark-ai/tabnet/pull/76',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'the same BatchNorm1d (statistics included) sits in every step',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GLULayer(nn.Module):
    def __init__(self, fc, bn):
        super().__init__()
        self.fc, self.bn = fc, bn

    def forward(self, x):
        a, b = self.bn(self.fc(x)).chunk(2, -1)
        return a * torch.sigmoid(b)

class TabNet(nn.Module):
    def __init__(self, fix, d=16, steps=3):
        super().__init__()
        self.inp = nn.Linear(8, d)
        bn = nn.BatchNorm1d(2 * d)
        self.steps = nn.ModuleList([GLULayer(nn.Linear(d, 2 * d, bias=False), nn.BatchNorm1d(2 * d) if fix else bn) for _ in range(steps)])

    def forward(self, x):
        x = self.inp(x)
        for s in self.steps:
            x = x + s(x)
        return x

def _make(fix):
    return TabNet(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(7, 8),)
