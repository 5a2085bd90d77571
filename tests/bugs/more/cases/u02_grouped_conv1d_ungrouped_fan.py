"""u02 (class 4): the bound of a grouped 1-d convolution divides by all input channels, not by those of its group

Link: https://github.com/ml-explore/mlx/issues/4536
Numerically: every layer is sqrt(groups) too narrow: the signal shrinks by 2.8 a layer
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F]
"""
META = {'id': 'u02',
 'cls': 4,
 'title': 'the bound of a grouped 1-d convolution divides by all input channels, not by those of its group',
 'link': 'https://github.com/ml-explore/mlx/issues/4536',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'every layer is sqrt(groups) too narrow: the signal shrinks by 2.8 a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _conv(fix, c, k, groups):
    conv = nn.Conv1d(c, c, k, padding=k // 2, groups=groups, bias=False)
    channels = c // groups if fix else c
    limit = math.sqrt(6 / (channels * k))
    with torch.no_grad():
        conv.weight.copy_((torch.rand_like(conv.weight) * 2 - 1) * limit)
    return conv

def _make(fix):
    body = [m for _ in range(8) for m in (_conv(fix, 64, 5, 8), nn.ReLU())]
    return nn.Sequential(*body, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(64, 5))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 64, 40),)
