"""mk03 (control): Fixup: first convolution of a block scaled by L^-1/2, last one zero, scalar biases
and one multiplier

Link: https://arxiv.org/abs/1901.09321
Why it is NOT a bug: residual learning without normalization
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk03',
 'cls': 'control',
 'title': 'Fixup: first convolution of a block scaled by L^-1/2, last one zero, scalar biases and one '
          'multiplier',
 'link': 'https://arxiv.org/abs/1901.09321',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'residual learning without normalization',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, c, n):
        super().__init__()
        self.b1, self.b2, self.b3, self.b4 = (nn.Parameter(torch.zeros(1)) for _ in range(4))
        self.scale = nn.Parameter(torch.ones(1))
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.normal_(self.c1.weight, 0.0, math.sqrt(2 / (9 * c)) * n ** -0.5)
        nn.init.zeros_(self.c2.weight)

    def forward(self, x):
        y = self.c2(torch.relu(self.c1(x + self.b1) + self.b2) + self.b3) * self.scale + self.b4
        return torch.relu(x + y)

class Net(nn.Module):
    def __init__(self, c=16, n=8):
        super().__init__()
        self.stem = nn.Conv2d(3, c, 3, padding=1, bias=False)
        nn.init.kaiming_normal_(self.stem.weight, nonlinearity="relu")
        self.blocks = nn.Sequential(*[Block(c, n) for _ in range(n)])
        self.fc = nn.Linear(c, 10)
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return self.fc(self.blocks(torch.relu(self.stem(x))).mean((2, 3)))

def build():
    return Net()

def example_input():
    return (torch.randn(2, 3, 12, 12),)
