"""mk27 (control): StyleGAN: weights N(0, 1), divided by sqrt(fan_in) in every forward

Link: https://arxiv.org/abs/1710.10196
Why it is NOT a bug: equalized learning rate
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk27',
 'cls': 'control',
 'title': 'StyleGAN: weights N(0, 1), divided by sqrt(fan_in) in every forward',
 'link': 'https://arxiv.org/abs/1710.10196',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'equalized learning rate',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class EqualLinear(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(o, i)), nn.Parameter(torch.zeros(o))
        self.scale = 1 / math.sqrt(i)

    def forward(self, x):
        return nn.functional.leaky_relu(nn.functional.linear(x, self.weight * self.scale, self.bias), 0.2) * math.sqrt(2)

def build(d=128):
    return nn.Sequential(*[EqualLinear(d, d) for _ in range(8)])

def example_input():
    return (torch.randn(32, 128),)
