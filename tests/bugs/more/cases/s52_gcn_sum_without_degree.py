"""s52 (class 4): GCN adds up the neighbours without the degree normalisation

Link: https://github.com/alibaba/graph-learn/issues/153
Numerically: features grow by the degree in each of five layers
Expected finding: exploding_activations, scale_too_large, logit_scale  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 's52',
 'cls': 4,
 'title': 'GCN adds up the neighbours without the degree normalisation',
 'link': 'https://github.com/alibaba/graph-learn/issues/153',
 'also': [],
 'level': 'F',
 'expect': ['exploding_activations', 'scale_too_large', 'logit_scale'],
 'sees': 'features grow by the degree in each of five layers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class GCN(nn.Module):
    def __init__(self, fix, n=60, d=32, layers=5):
        super().__init__()
        a = (torch.rand(n, n) < 0.3).float()
        a = ((a + a.T) > 0).float().fill_diagonal_(1.0)
        deg = a.sum(1)
        self.register_buffer("adj", a / torch.sqrt(deg[:, None] * deg) if fix else a)
        self.layers = nn.ModuleList([nn.Linear(d, d, bias=False) for _ in range(layers)])
        for m in self.layers:
            nn.init.xavier_uniform_(m.weight, gain=math.sqrt(2))
        self.act = nn.ReLU()

    def forward(self, x):
        for m in self.layers:
            x = self.act(self.adj @ m(x))
        return x

def _make(fix):
    return GCN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(60, 32),)
