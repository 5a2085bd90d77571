"""m18 (class 4): a hypernetwork's head gets He init, so that the weights it generates have variance
near 1 instead of 1/fan_in

Link: https://github.com/Unity-Technologies/ml-agents/pull/4990
Numerically: generated weights of std about 1.4 for a fan-in of 64: x11 a layer
Expected finding: scale_too_large, exploding_activations  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 'm18',
 'cls': 4,
 'title': "a hypernetwork's head gets He init, so that the weights it generates have variance near 1 instead "
          'of 1/fan_in',
 'link': 'https://github.com/Unity-Technologies/ml-agents/pull/4990',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations'],
 'sees': 'generated weights of std about 1.4 for a fan-in of 64: x11 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Hyper(nn.Module):
    def __init__(self, fix, d=64, z=16, layers=3):
        super().__init__()
        self.z = nn.Parameter(torch.randn(layers, z))
        self.head = nn.Linear(z, d * d)
        std = math.sqrt(2.0 / z)
        nn.init.normal_(self.head.weight, 0.0, std / math.sqrt(d) if fix else std)
        nn.init.zeros_(self.head.bias)
        self.d = d

    def forward(self, x):
        for z in self.z:
            x = torch.relu(x @ self.head(z).view(self.d, self.d))
        return x

def _make(fix):
    return Hyper(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(64, 64),)
