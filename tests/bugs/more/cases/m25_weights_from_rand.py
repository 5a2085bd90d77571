"""m25 (class 4): nn.Parameter(torch.rand(in, out)): all weights positive, the mean grows with the
width

Link: https://github.com/d2l-ai/d2l-en/pull/2125
Numerically: weights U(0, 1): output mean of in/2 a layer
Expected finding: mean_not_zero, exploding_activations, scale_too_large  [visible from F: one
    forward pass / first-step gradient]
"""
META = {'id': 'm25',
 'cls': 4,
 'title': 'nn.Parameter(torch.rand(in, out)): all weights positive, the mean grows with the width',
 'link': 'https://github.com/d2l-ai/d2l-en/pull/2125',
 'also': [],
 'level': 'F',
 'expect': ['mean_not_zero', 'exploding_activations', 'scale_too_large'],
 'sees': 'weights U(0, 1): output mean of in/2 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class GraphConv(nn.Module):
    def __init__(self, fix, i, o):
        super().__init__()
        self.W = nn.Parameter(torch.rand(i, o))
        if fix:
            nn.init.xavier_uniform_(self.W, gain=math.sqrt(2))

    def forward(self, x):
        return torch.relu(x @ self.W)

def _make(fix):
    return nn.Sequential(GraphConv(fix, 96, 64), GraphConv(fix, 64, 64), GraphConv(fix, 64, 16))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(64, 96),)
