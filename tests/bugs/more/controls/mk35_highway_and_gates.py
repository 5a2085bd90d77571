"""mk35 (control): highway layers with gate bias -2, detection head with bias -log(99)

Link: https://arxiv.org/abs/1505.00387
Why it is NOT a bug: priors set by constants
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk35',
 'cls': 'control',
 'title': 'highway layers with gate bias -2, detection head with bias -log(99)',
 'link': 'https://arxiv.org/abs/1505.00387',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'priors set by constants',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Highway(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.h, self.t = nn.Linear(d, d), nn.Linear(d, d)
        nn.init.constant_(self.t.bias, -2.0)

    def forward(self, x):
        t = torch.sigmoid(self.t(x))
        return t * torch.relu(self.h(x)) + (1 - t) * x

def build(d=64):
    head = nn.Linear(d, 9)
    nn.init.normal_(head.weight, 0.0, 0.01)
    nn.init.constant_(head.bias, -math.log(99))
    return nn.Sequential(*[Highway(d) for _ in range(6)], head)

def example_input():
    return (torch.randn(16, 64),)
