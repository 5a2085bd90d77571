"""s07 (class 4): lecun_normal: scale /= fan_in, then stddev = scale * sqrt(1/fan_in)

Link: https://github.com/zishansami102/CNN-from-Scratch/pull/8
Numerically: std n**-1.5 instead of n**-0.5: activations shrink by n at each layer
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 's07',
 'cls': 4,
 'title': 'lecun_normal: scale /= fan_in, then stddev = scale * sqrt(1/fan_in)',
 'link': 'https://github.com/zishansami102/CNN-from-Scratch/pull/8',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'std n**-1.5 instead of n**-0.5: activations shrink by n at each layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix):
    net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(),
                        nn.Flatten(), nn.Linear(16 * 8 * 8, 32), nn.ReLU(), nn.Linear(32, 10))
    for m in net:
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            fan_in = m.weight[0].numel()
            scale = 1.0 if fix else 1.0 / fan_in
            nn.init.normal_(m.weight, 0.0, scale * math.sqrt(1.0 / fan_in))
            nn.init.zeros_(m.bias)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 3, 8, 8),)
