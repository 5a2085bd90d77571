"""m26 (class 4): nn.Parameter(torch.randn(in, out)) without any scale in a GCN: features grow by
sqrt(width) a layer

Link: https://github.com/microsoft/AI-For-Beginners/pull/743
Numerically: std 1 instead of 1/sqrt(fan_in): x10 a layer
Expected finding: scale_too_large, exploding_activations  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 'm26',
 'cls': 4,
 'title': 'nn.Parameter(torch.randn(in, out)) without any scale in a GCN: features grow by sqrt(width) a '
          'layer',
 'link': 'https://github.com/microsoft/AI-For-Beginners/pull/743',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations'],
 'sees': 'std 1 instead of 1/sqrt(fan_in): x10 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class GCNLayer(nn.Module):
    def __init__(self, fix, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(i, o) * (math.sqrt(2.0 / i) if fix else 1.0))

    def forward(self, x, adj):
        return torch.relu(adj @ (x @ self.weight))

class GCN(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.g1, self.g2, self.g3 = GCNLayer(fix, 100, 100), GCNLayer(fix, 100, 100), GCNLayer(fix, 100, 100)

    def forward(self, x, adj):
        return self.g3(self.g2(self.g1(x, adj), adj), adj)

def _make(fix):
    return GCN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(40, 100), torch.eye(40) * 0.7 + 0.3 * torch.eye(40).roll(1, 0))
