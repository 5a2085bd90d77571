"""m17 (class 4): fan_out of a grouped 1-d convolution counts the channels of all groups (no division
by groups)

Link: https://github.com/pytorch/pytorch/pull/24315
Numerically: groups = 16: sqrt(16) = 4x too small a layer
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 'm17',
 'cls': 4,
 'title': 'fan_out of a grouped 1-d convolution counts the channels of all groups (no division by groups)',
 'link': 'https://github.com/pytorch/pytorch/pull/24315',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'groups = 16: sqrt(16) = 4x too small a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

def _make(fix, c=64, groups=16, depth=4):
    layers = []
    for _ in range(depth):
        conv = nn.Conv1d(c, c, 7, padding=3, groups=groups, padding_mode="circular", bias=False)
        fan_out = conv.kernel_size[0] * conv.out_channels
        if fix:
            fan_out //= conv.groups
        conv.weight.data.normal_(0, math.sqrt(2.0 / fan_out))
        layers += [conv, nn.ReLU()]
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 64, 40),)
