"""sk21 (control): GIN: neighbours are summed, batch norm inside the MLP, eps zero

Link: https://arxiv.org/abs/1810.00826
Why it is NOT a bug: the sum is the point of GIN; batch norm takes the scale away
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk21',
 'cls': 'control',
 'title': 'GIN: neighbours are summed, batch norm inside the MLP, eps zero',
 'link': 'https://arxiv.org/abs/1810.00826',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the sum is the point of GIN; batch norm takes the scale away',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class GIN(nn.Module):
    def __init__(self, d=32, layers=4):
        super().__init__()
        self.eps = nn.Parameter(torch.zeros(layers))
        self.mlps = nn.ModuleList([nn.Sequential(nn.Linear(d, d), nn.BatchNorm1d(d), nn.ReLU(), nn.Linear(d, d), nn.BatchNorm1d(d), nn.ReLU())
                                   for _ in range(layers)])

    def forward(self, x, adj):
        for e, mlp in zip(self.eps, self.mlps):
            x = mlp((1 + e) * x + adj @ x)
        return x

def build():
    return GIN()

def example_input():
    a = (torch.rand(50, 50) < 0.2).float()
    return torch.randn(50, 32), ((a + a.T) > 0).float()
