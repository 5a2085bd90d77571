"""s11 (class 4): convolutions default to He normal although no ReLU follows: a weight-shared stack
    explodes

Link: https://github.com/PaddlePaddle/Paddle/pull/79711
Numerically: gain sqrt(2) in front of a near-linear activation, applied 16 times: 2**8 in std
Expected finding: exploding_activations, scale_too_large  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 's11',
 'cls': 4,
 'title': 'convolutions default to He normal although no ReLU follows: a weight-shared stack explodes',
 'link': 'https://github.com/PaddlePaddle/Paddle/pull/79711',
 'also': [],
 'level': 'F',
 'expect': ['exploding_activations', 'scale_too_large'],
 'sees': 'gain sqrt(2) in front of a near-linear activation, applied 16 times: 2**8 in std',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Shared(nn.Module):
    def __init__(self, fix, c=16, steps=16):
        super().__init__()
        self.stem = nn.Conv2d(3, c, 1)
        self.conv = nn.Conv2d(c, c, 3, padding=1, padding_mode="circular")
        self.steps = steps
        fan_in = c * 9
        if fix:
            nn.init.uniform_(self.conv.weight, -math.sqrt(3 / fan_in), math.sqrt(3 / fan_in))
        else:
            nn.init.normal_(self.conv.weight, 0.0, math.sqrt(2.0 / fan_in))
        nn.init.zeros_(self.conv.bias)

    def forward(self, x):
        x = self.stem(x)
        for _ in range(self.steps):
            x = self.conv(x)
        return x

def _make(fix):
    return Shared(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 12, 12),)
