"""mk08 (control): ReZero: a zero scalar on each residual branch

Link: https://arxiv.org/abs/2003.04887
Why it is NOT a bug: blocks start as the identity
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk08',
 'cls': 'control',
 'title': 'ReZero: a zero scalar on each residual branch',
 'link': 'https://arxiv.org/abs/2003.04887',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'blocks start as the identity',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d))
        self.resweight = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.resweight * self.net(x)

def build(d=48):
    return nn.Sequential(*[Block(d) for _ in range(12)], nn.Linear(d, 5))

def example_input():
    return (torch.randn(8, 48),)
