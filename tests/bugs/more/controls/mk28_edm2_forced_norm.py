"""mk28 (control): EDM2: N(0, 1) weights normalised in the forward pass, gain parameter zero at the
output

Link: https://arxiv.org/abs/2312.02696
Why it is NOT a bug: magnitude-preserving layers
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk28',
 'cls': 'control',
 'title': 'EDM2: N(0, 1) weights normalised in the forward pass, gain parameter zero at the output',
 'link': 'https://arxiv.org/abs/2312.02696',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'magnitude-preserving layers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class MPConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i))

    def forward(self, x, gain=1.0):
        w = self.weight / self.weight.norm(dim=1, keepdim=True)
        return x @ (w * gain).T

class Net(nn.Module):
    def __init__(self, d=96, n=6):
        super().__init__()
        self.layers = nn.ModuleList(MPConv(d, d) for _ in range(n))
        self.out, self.out_gain = MPConv(d, 8), nn.Parameter(torch.zeros([]))

    def forward(self, x):
        for m in self.layers:
            x = (x + 0.5 * m(nn.functional.silu(x) / 0.596)) / math.sqrt(1.25)
        return self.out(x, self.out_gain)

def build():
    return Net()

def example_input():
    return (torch.randn(16, 96),)
