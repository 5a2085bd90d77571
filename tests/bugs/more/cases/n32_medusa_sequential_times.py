"""n32 (class 3): Medusa head: nn.Sequential(*([ResBlock(d)] * layers)) repeats one block inside each
    head

Link: https://github.com/linkedin/Liger-Kernel/pull/269
Numerically: medusa_head.k.0 is medusa_head.k.1 for every head
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n32',
 'cls': 3,
 'title': 'Medusa head: nn.Sequential(*([ResBlock(d)] * layers)) repeats one block inside each head',
 'link': 'https://github.com/linkedin/Liger-Kernel/pull/269',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'medusa_head.k.0 is medusa_head.k.1 for every head',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class ResBlock(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.linear = nn.Linear(d, d)
        nn.init.zeros_(self.linear.weight)

    def forward(self, x):
        return x + F.silu(self.linear(x))

class Medusa(nn.Module):
    def __init__(self, fix, d=24, v=120, heads=3, layers=2):
        super().__init__()
        def blocks():
            return [ResBlock(d) for _ in range(layers)] if fix else [ResBlock(d)] * layers
        self.base = nn.Linear(d, d)
        self.medusa_head = nn.ModuleList([nn.Sequential(*blocks(), nn.Linear(d, v, bias=False)) for _ in range(heads)])

    def forward(self, x):
        h = self.base(x)
        return torch.stack([m(h) for m in self.medusa_head])

def _make(fix):
    return Medusa(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 24),)
