"""q27 (control): LayerScale at 1e-6 and a ReZero scalar at exactly 0

Link: https://github.com/facebookresearch/deit/issues/127
Why it is NOT a bug: branches nearly or exactly switched off at the start
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q27',
 'cls': 'control',
 'title': 'LayerScale at 1e-6 and a ReZero scalar at exactly 0',
 'link': 'https://github.com/facebookresearch/deit/issues/127',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'branches nearly or exactly switched off at the start',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Block(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.f, self.g = nn.Linear(d, d), nn.Linear(d, d)
        self.gamma = nn.Parameter(1e-6 * torch.ones(d))
        self.alpha = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        x = x + self.gamma * F.gelu(self.f(self.norm(x)))
        return x + self.alpha * torch.tanh(self.g(x))

def build():
    return nn.Sequential(Block(), Block())

def example_input():
    return (torch.randn(3, 24),)
