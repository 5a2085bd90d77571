"""m38 (class 5): truncation at mean +- 2 std**2 instead of 2 std

Link: https://github.com/tensorflow/tfjs-core/pull/434
Numerically: std 0.05: all values within +-0.005, nearly uniform
Expected finding: scale_too_small, wrong_distribution  [visible from S: the author's declared
    intention (spec)]
"""
META = {'id': 'm38',
 'cls': 5,
 'title': 'truncation at mean +- 2 std**2 instead of 2 std',
 'link': 'https://github.com/tensorflow/tfjs-core/pull/434',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small', 'wrong_distribution'],
 'sees': 'std 0.05: all values within +-0.005, nearly uniform',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['trunc_normal', 0.0, 0.05, -0.1, 0.1]}}

import torch
from torch import nn

def _make(fix, d=128, std=0.05):
    b = 2 * std if fix else 2 * std ** 2
    conv = nn.Conv2d(16, 32, 3)
    nn.init.trunc_normal_(conv.weight, std=std, a=-b, b=b)
    return nn.Sequential(conv, nn.ReLU())

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16, 8, 8),)
