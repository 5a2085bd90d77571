"""sk20 (control): ten tanh layers with xavier and gain 5/3

Link: https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
Why it is NOT a bug: the documented gain keeps a signal of order one
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk20',
 'cls': 'control',
 'title': 'ten tanh layers with xavier and gain 5/3',
 'link': 'https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the documented gain keeps a signal of order one',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def build():
    layers = []
    for _ in range(10):
        lin = nn.Linear(96, 96)
        nn.init.xavier_normal_(lin.weight, gain=5 / 3)
        nn.init.zeros_(lin.bias)
        layers += [lin, nn.Tanh()]
    return nn.Sequential(*layers)

def example_input():
    return (torch.randn(32, 96),)
