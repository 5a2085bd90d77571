"""q18 (control): Fixup: the second convolution of every block is zero, scalar biases zero, scalar
    multiplier one

Link: https://arxiv.org/abs/1901.09321
Why it is NOT a bug: several all-zero weights that all get a gradient
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q18',
 'cls': 'control',
 'title': 'Fixup: the second convolution of every block is zero, scalar biases zero, scalar multiplier one',
 'link': 'https://arxiv.org/abs/1901.09321',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'several all-zero weights that all get a gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Fix(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.bias1a, self.bias1b, self.bias2a, self.bias2b = (nn.Parameter(torch.zeros(1)) for _ in range(4))
        self.scale = nn.Parameter(torch.ones(1))
        self.conv1, self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.normal_(self.conv1.weight, 0, (2 / (9 * c)) ** 0.5 * 4 ** -0.5)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x):
        h = F.relu(self.conv1(x + self.bias1a) + self.bias1b)
        return F.relu(x + self.conv2(h + self.bias2a) * self.scale + self.bias2b)

def build():
    return nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), Fix(), Fix(), Fix())

def example_input():
    return (torch.randn(2, 3, 8, 8),)
