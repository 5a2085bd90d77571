"""mk07 (control): SIREN: first layer U(+-1/n), hidden U(+-sqrt(6/n)/30), sin(30 x)

Link: https://arxiv.org/abs/2006.09661
Why it is NOT a bug: tiny weights, large factor
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk07',
 'cls': 'control',
 'title': 'SIREN: first layer U(+-1/n), hidden U(+-sqrt(6/n)/30), sin(30 x)',
 'link': 'https://arxiv.org/abs/2006.09661',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'tiny weights, large factor',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Sine(nn.Module):
    def __init__(self, i, o, first=False):
        super().__init__()
        self.linear = nn.Linear(i, o)
        b = 1 / i if first else math.sqrt(6 / i) / 30
        nn.init.uniform_(self.linear.weight, -b, b)

    def forward(self, x):
        return torch.sin(30 * self.linear(x))

def build(h=128):
    last = nn.Linear(h, 3)
    nn.init.uniform_(last.weight, -math.sqrt(6 / h) / 30, math.sqrt(6 / h) / 30)
    return nn.Sequential(Sine(2, h, True), Sine(h, h), Sine(h, h), Sine(h, h), last)

def example_input():
    return (torch.rand(256, 2) * 2 - 1,)
