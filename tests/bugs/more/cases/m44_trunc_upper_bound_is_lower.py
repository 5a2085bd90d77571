"""m44 (class 5): the default of b has the wrong sign: trunc_normal_(a=-2, b=-2) fills the weight with
-2

Link: https://github.com/mlverse/torch/issues/534
Numerically: every weight is exactly -2
Expected finding: wrong_distribution, out_of_bounds, mean_not_zero, scale_too_small, outliers
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm44',
 'cls': 5,
 'title': 'the default of b has the wrong sign: trunc_normal_(a=-2, b=-2) fills the weight with -2',
 'link': 'https://github.com/mlverse/torch/issues/534',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'out_of_bounds', 'mean_not_zero', 'scale_too_small', 'outliers'],
 'sees': 'every weight is exactly -2',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['trunc_normal', 0.0, 0.1, -2.0, 2.0]}}

import torch
from torch import nn

def _make(fix, d=64):
    lin = nn.Linear(d, d)
    with torch.no_grad():
        if fix:
            nn.init.trunc_normal_(lin.weight, std=0.1, a=-2.0, b=2.0)
        else:
            lin.weight.normal_(0, 0.1).clamp_(-2.0, -2.0)
    return nn.Sequential(lin, nn.Tanh())

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 64),)
