"""m37 (class 5): truncation by clipping: 4.6% of the values sit exactly on the two bounds

Link: https://github.com/mlpack/mlpack/pull/1510
Numerically: atoms of 2.3% at +-2 std
Expected finding: wrong_distribution, out_of_bounds, outliers  [visible from S: the author's
    declared intention (spec)]
"""
META = {'id': 'm37',
 'cls': 5,
 'title': 'truncation by clipping: 4.6% of the values sit exactly on the two bounds',
 'link': 'https://github.com/mlpack/mlpack/pull/1510',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'out_of_bounds', 'outliers'],
 'sees': 'atoms of 2.3% at +-2 std',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.weight': ['trunc_normal', 0.0, 0.05, -0.1, 0.1]}}

import torch
from torch import nn

def _make(fix, d=128, std=0.05):
    net = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.Linear(d, d))
    for m in net:
        if isinstance(m, nn.Linear):
            if fix:
                nn.init.trunc_normal_(m.weight, std=std, a=-2 * std, b=2 * std)
            else:
                nn.init.normal_(m.weight, std=std)
                m.weight.data.clamp_(-2 * std, 2 * std)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 128),)
