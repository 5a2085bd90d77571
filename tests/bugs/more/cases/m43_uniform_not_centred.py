"""m43 (class 5): rand(...) * 2 * bound without the subtraction of bound: all weights positive

Link: https://github.com/skaae/rbm_toolbox_lua/pull/9
Numerically: U(0, 2b) instead of U(-b, b)
Expected finding: mean_not_zero, out_of_bounds, wrong_distribution  [visible from S: the author's
    declared intention (spec)]
"""
META = {'id': 'm43',
 'cls': 5,
 'title': 'rand(...) * 2 * bound without the subtraction of bound: all weights positive',
 'link': 'https://github.com/skaae/rbm_toolbox_lua/pull/9',
 'also': [],
 'level': 'S',
 'expect': ['mean_not_zero', 'out_of_bounds', 'wrong_distribution'],
 'sees': 'U(0, 2b) instead of U(-b, b)',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.w': ['uniform', -0.125, 0.125]}}

import torch
from torch import nn

class Cell(nn.Module):
    def __init__(self, fix, d=64):
        super().__init__()
        b = d ** -0.5
        self.w = nn.Parameter(torch.rand(4 * d, d) * 2 * b - (b if fix else 0.0))

    def forward(self, x):
        i, f, g, o = (x @ self.w.T).chunk(4, -1)
        return torch.sigmoid(o) * torch.tanh(torch.sigmoid(i) * torch.tanh(g) + torch.sigmoid(f) * x)

def _make(fix):
    return nn.Sequential(Cell(fix), Cell(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 64),)
