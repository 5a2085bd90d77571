"""n65 (class 6): one class spells init_weight instead of init_weights: the recursive initialisation
    passes it by

Link: https://github.com/open-mmlab/mmcv/pull/971
Numerically: eight of nine equal linears follow N(0, 0.02) with zero bias, the pooler keeps torch's
    default
Expected finding: init_not_applied  [visible from M: the live module object]
"""
META = {'id': 'n65',
 'cls': 6,
 'title': 'one class spells init_weight instead of init_weights: the recursive initialisation passes it by',
 'link': 'https://github.com/open-mmlab/mmcv/pull/971',
 'also': [],
 'level': 'M',
 'expect': ['init_not_applied'],
 'sees': "eight of nine equal linears follow N(0, 0.02) with zero bias, the pooler keeps torch's default",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class FFN(nn.Module):
    def __init__(self, d=96):
        super().__init__()
        self.fc = nn.Linear(d, d)

    def init_weights(self):
        nn.init.normal_(self.fc.weight, std=0.02)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return x + F.gelu(self.fc(x))

class Pooler(nn.Module):
    def __init__(self, d=96):
        super().__init__()
        self.fc = nn.Linear(d, d)

    def init_weight(self):
        nn.init.normal_(self.fc.weight, std=0.02)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return torch.tanh(self.fc(x))

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.layers = nn.Sequential(*[FFN() for _ in range(8)])
        self.pooler = Pooler()
        for m in self.modules():
            if hasattr(m, "init_weights"):
                m.init_weights()
        if fix:
            self.pooler.init_weight()

    def forward(self, x):
        return self.pooler(self.layers(x))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 96),)
