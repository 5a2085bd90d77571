"""sk08 (control): dirac_: convolutions that start as the identity, inside a residual network

Link: https://arxiv.org/abs/1706.00388
Why it is NOT a bug: nearly all entries are zero by design
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk08',
 'cls': 'control',
 'title': 'dirac_: convolutions that start as the identity, inside a residual network',
 'link': 'https://arxiv.org/abs/1706.00388',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'nearly all entries are zero by design',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(self.conv.weight)
        self.bn = nn.BatchNorm2d(c)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))

def build():
    return nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), Block(16), Block(16), nn.Flatten(), nn.Linear(16 * 64, 10))

def example_input():
    return (torch.randn(8, 3, 8, 8),)
