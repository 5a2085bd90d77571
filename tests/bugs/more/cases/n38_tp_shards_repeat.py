"""n38 (class 3): tensor-parallel ranks draw their shard with the same seed: the gathered matrix
    repeats itself

Link: https://github.com/modelscope/ms-swift/pull/7944
Numerically: rows 0..63 of the column-parallel weight equal rows 64..127; columns likewise in the
    row-parallel one
Expected finding: identical_params, correlated_weights, duplicate_rows  [visible from W: values in
    the state dict alone]
"""
META = {'id': 'n38',
 'cls': 3,
 'title': 'tensor-parallel ranks draw their shard with the same seed: the gathered matrix repeats itself',
 'link': 'https://github.com/modelscope/ms-swift/pull/7944',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'duplicate_rows'],
 'sees': 'rows 0..63 of the column-parallel weight equal rows 64..127; columns likewise in the row-parallel '
         'one',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

def gathered(o, i, dim, fix, tp=2):
    shape = (o // tp, i) if dim == 0 else (o, i // tp)
    seed = torch.initial_seed()
    return torch.cat([0.02 * torch.randn(shape, generator=torch.Generator().manual_seed(seed + 1000 + (r if fix else 0))) for r in range(tp)], dim)

class MLP(nn.Module):
    def __init__(self, fix, d=32, h=128):
        super().__init__()
        self.linear_fc1 = nn.Linear(d, h, bias=False)
        self.linear_fc2 = nn.Linear(h, d, bias=False)
        with torch.no_grad():
            self.linear_fc1.weight.copy_(gathered(h, d, 0, fix))
            self.linear_fc2.weight.copy_(gathered(d, h, 1, fix))

    def forward(self, x):
        return self.linear_fc2(F.gelu(self.linear_fc1(x)))

def _make(fix):
    return nn.Sequential(nn.LayerNorm(32), MLP(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 32),)
