"""r46 (class 8): the head is replaced after the optimizer was made: the optimizer steps the head that is gone

Link: https://github.com/LaurentMazare/ocaml-torch/issues/36
Numerically: optimizer.param_groups hold the old fc; the new fc.weight and fc.bias are in no group
Expected finding: stale_optimizer  [visible from M]
"""
META = {'id': 'r46',
 'cls': 8,
 'title': 'the head is replaced after the optimizer was made: the optimizer steps the head that is gone',
 'link': 'https://github.com/LaurentMazare/ocaml-torch/issues/36',
 'also': [],
 'level': 'M',
 'expect': ['stale_optimizer'],
 'sees': 'optimizer.param_groups hold the old fc; the new fc.weight and fc.bias are in no group',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 16), nn.ReLU())
        self.fc = nn.Linear(16, 100)
        if fix:
            self.fc = nn.Linear(16, 3)
        self.optimizer = torch.optim.Adam(self.parameters(), lr=1e-3)
        if not fix:
            self.fc = nn.Linear(16, 3)

    def forward(self, x):
        return self.fc(self.body(x))

def _make(fix):
    return Net(fix)

def example_input():
    return (torch.randn(4, 12),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
