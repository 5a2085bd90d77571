"""m04 (class 4): the gain is handed to kaiming_normal_ as `a` (the negative slope): each layer shrinks
the signal

Link: https://github.com/gapeng000/PyTorch-progressive_growing_of_gans/issues/29
Numerically: gain sqrt(2/(1+1.39^2)) = 0.83 instead of 1.39
Expected finding: scale_too_small, var_collapse  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'm04',
 'cls': 4,
 'title': 'the gain is handed to kaiming_normal_ as `a` (the negative slope): each layer shrinks the signal',
 'link': 'https://github.com/gapeng000/PyTorch-progressive_growing_of_gans/issues/29',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse'],
 'sees': 'gain sqrt(2/(1+1.39^2)) = 0.83 instead of 1.39',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _he_init(layer, nonlinearity, param, fix):
    gain = nn.init.calculate_gain(nonlinearity, param)
    nn.init.kaiming_normal_(layer.weight, a=param if fix else gain)
    nn.init.zeros_(layer.bias)

def _make(fix, c=24, depth=9):
    layers, cin = [], 3
    for _ in range(depth):
        conv = nn.Conv2d(cin, c, 3, padding=1, padding_mode="circular")
        _he_init(conv, "leaky_relu", 0.2, fix)
        layers += [conv, nn.LeakyReLU(0.2)]
        cin = c
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 16, 16),)
