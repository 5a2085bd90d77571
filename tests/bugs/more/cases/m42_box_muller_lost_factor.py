"""m42 (class 5): Box-Muller written sqrt(-log u) cos(2 pi v): the 2 under the root is lost

Link: https://github.com/torch/TH/pull/4
Numerically: std 0.707 of the one asked for
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm42',
 'cls': 5,
 'title': 'Box-Muller written sqrt(-log u) cos(2 pi v): the 2 under the root is lost',
 'link': 'https://github.com/torch/TH/pull/4',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'std 0.707 of the one asked for',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['normal', 0.0, 0.02]}}

import math

import torch
from torch import nn

def _normal(shape, std, fix):
    u, v = torch.rand(shape).clamp(min=1e-7), torch.rand(shape)
    return std * torch.sqrt(-(2.0 if fix else 1.0) * torch.log(u)) * torch.cos(2 * math.pi * v)

def _make(fix, d=96):
    conv = nn.Conv1d(d, d, 3)
    conv.weight.data.copy_(_normal(conv.weight.shape, 0.02, fix))
    return nn.Sequential(conv, nn.ReLU())

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 96, 9),)
