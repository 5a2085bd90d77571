"""r37 (class 6): both layers of a perceptron start at zero: no unit differs from another, nothing below the output moves

Link: https://github.com/wagonhelm/NaNmnist/issues/2
Numerically: fc1.weight and fc2.weight are zero, only the last bias gets a gradient
Expected finding: all_zero_param, all_zero, dead_gradient, dead_signal  [visible from W]
"""
META = {'id': 'r37',
 'cls': 6,
 'title': 'both layers of a perceptron start at zero: no unit differs from another, nothing below the output '
          'moves',
 'link': 'https://github.com/wagonhelm/NaNmnist/issues/2',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'all_zero', 'dead_gradient', 'dead_signal'],
 'sees': 'fc1.weight and fc2.weight are zero, only the last bias gets a gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix):
    model = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 10))
    for m in model:
        if isinstance(m, nn.Linear):
            if fix:
                nn.init.kaiming_normal_(m.weight)
            else:
                nn.init.zeros_(m.weight)
            nn.init.zeros_(m.bias)
    return model

def example_input():
    return (torch.randn(6, 20),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
