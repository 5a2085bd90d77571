"""n37 (class 3): every expert-parallel worker uses the same seed: the experts of one stacked weight
    are all equal

Link: https://github.com/laekov/fastmoe/pull/4
Numerically: htoh4[0] equals htoh4[e] for all e
Expected finding: identical_params, correlated_weights, duplicate_rows  [visible from W: values in
    the state dict alone]
"""
META = {'id': 'n37',
 'cls': 3,
 'title': 'every expert-parallel worker uses the same seed: the experts of one stacked weight are all equal',
 'link': 'https://github.com/laekov/fastmoe/pull/4',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'duplicate_rows'],
 'sees': 'htoh4[0] equals htoh4[e] for all e',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Experts(nn.Module):
    def __init__(self, fix, e=4, d=24, h=48):
        super().__init__()
        def draw(rank, *shape):
            g = torch.Generator().manual_seed(torch.initial_seed() + 1000 + (rank if fix else 0))
            return (torch.rand(*shape, generator=g) * 2 - 1) / shape[-1] ** 0.5
        self.htoh4 = nn.Parameter(torch.stack([draw(r, h, d) for r in range(e)]))
        self.h4toh = nn.Parameter(torch.stack([draw(100 + r, d, h) for r in range(e)]))

    def forward(self, x, gate):
        y = torch.einsum("bd,ehd->beh", x, self.htoh4).relu()
        return torch.einsum("beh,edh,be->bd", y, self.h4toh, gate)

class MoE(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.gate = nn.Linear(24, 4)
        self.experts = Experts(fix)

    def forward(self, x):
        return x + self.experts(x, self.gate(x).softmax(-1))

def _make(fix):
    return MoE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 24),)
