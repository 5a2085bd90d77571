"""m33 (class 4): He std of a convolution from one kernel side (the formula fits fully connected layers
only)

Link: https://github.com/nntrainer/nntrainer/pull/1353
Numerically: std sqrt(2/3) instead of sqrt(2/(27*6)): x7 a layer
Expected finding: scale_too_large, exploding_activations  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 'm33',
 'cls': 4,
 'title': 'He std of a convolution from one kernel side (the formula fits fully connected layers only)',
 'link': 'https://github.com/nntrainer/nntrainer/pull/1353',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations'],
 'sees': 'std sqrt(2/3) instead of sqrt(2/(27*6)): x7 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

def _fan_in(w, fix):
    return w[0].numel() if fix else w.shape[-2]

def _make(fix, c=6, depth=5):
    layers = []
    for _ in range(depth):
        conv = nn.Conv3d(c, c, 3, padding=1, padding_mode="circular", bias=False)
        nn.init.normal_(conv.weight, 0.0, math.sqrt(2.0 / _fan_in(conv.weight, fix)))
        layers += [conv, nn.ReLU()]
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 6, 6, 6, 6),)
