"""sk01 (control): NTK parametrisation: N(0, 1) weights, divided by sqrt(n) in every forward

Link: https://arxiv.org/abs/1806.07572
Why it is NOT a bug: the scale is in the forward pass; activations stay at order one
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk01',
 'cls': 'control',
 'title': 'NTK parametrisation: N(0, 1) weights, divided by sqrt(n) in every forward',
 'link': 'https://arxiv.org/abs/1806.07572',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the scale is in the forward pass; activations stay at order one',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class NTKLinear(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(o, i)), nn.Parameter(torch.randn(o))

    def forward(self, x):
        return x @ self.weight.T * (1.4 / math.sqrt(x.shape[-1])) + 0.1 * self.bias

def build():
    return nn.Sequential(NTKLinear(16, 128), nn.ReLU(), NTKLinear(128, 128), nn.ReLU(), NTKLinear(128, 128), nn.ReLU(), NTKLinear(128, 1))

def example_input():
    return (torch.randn(64, 16),)
