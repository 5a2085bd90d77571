"""r25 (class 3): the config holds a layer instead of a factory: every stage normalises with the same BatchNorm

Link: https://github.com/dreamquark-ai/tabnet/pull/76
Numerically: stages.0.1 is stages.1.1 is stages.2.1: running statistics mix three layers
Expected finding: shared_module  [visible from M]
"""
META = {'id': 'r25',
 'cls': 3,
 'title': 'the config holds a layer instead of a factory: every stage normalises with the same BatchNorm',
 'link': 'https://github.com/dreamquark-ai/tabnet/pull/76',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'stages.0.1 is stages.1.1 is stages.2.1: running statistics mix three layers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _stages(norm, c=8, n=3):
    return nn.Sequential(*[nn.Sequential(nn.Conv1d(c, c, 3, padding=1, bias=False), norm(), nn.ReLU()) for _ in range(n)])

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        config = {"norm": nn.BatchNorm1d(8)}
        self.stages = _stages((lambda: nn.BatchNorm1d(8)) if fix else (lambda: config["norm"]))
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.stages(x).mean(-1))

def _make(fix):
    return Net(fix)

def example_input():
    return (torch.randn(6, 8, 10),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
