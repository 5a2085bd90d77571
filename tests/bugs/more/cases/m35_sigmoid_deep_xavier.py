"""m35 (class 4): ten sigmoid layers with xavier gain 1: inputs can no longer be told apart and
gradients shrink by 4 a layer

Link: https://github.com/sidkk86/weight_initialization/issues/1
Numerically: 3.6x too small: differences between inputs shrink by 4 a layer
Expected finding: var_collapse, vanishing_gradients, variance_collapse, dead_gradient, lost_signal
    [visible from F: one forward pass / first-step gradient]
"""
META = {'id': 'm35',
 'cls': 4,
 'title': 'ten sigmoid layers with xavier gain 1: inputs can no longer be told apart and gradients shrink by '
          '4 a layer',
 'link': 'https://github.com/sidkk86/weight_initialization/issues/1',
 'also': [],
 'level': 'F',
 'expect': ['var_collapse', 'vanishing_gradients', 'variance_collapse', 'dead_gradient', 'lost_signal'],
 'sees': '3.6x too small: differences between inputs shrink by 4 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, depth=10, d=128):
    layers = []
    for _ in range(depth):
        lin = nn.Linear(d, d)
        nn.init.xavier_normal_(lin.weight, gain=4.0 if fix else 1.0)
        nn.init.zeros_(lin.bias)
        if fix:
            with torch.no_grad():
                lin.bias.copy_(-0.5 * lin.weight.sum(1))
        layers += [lin, nn.Sigmoid()]
    return nn.Sequential(*layers, nn.Linear(d, 3))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(128, 128),)
