"""m89 (class 5): torch.fmod(torch.randn(n), 2) for a truncated normal: what lies beyond 2 is folded
back around 0

Link: https://github.com/g1910/HyperNetworks/issues/1
Numerically: 4.6% of the values are moved to the centre
Expected finding: wrong_distribution, scale_too_small  [visible from S: the author's declared
    intention (spec)]
"""
META = {'id': 'm89',
 'cls': 5,
 'title': 'torch.fmod(torch.randn(n), 2) for a truncated normal: what lies beyond 2 is folded back around 0',
 'link': 'https://github.com/g1910/HyperNetworks/issues/1',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'scale_too_small'],
 'sees': '4.6% of the values are moved to the centre',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['trunc_normal', 0.0, 1.0, -2.0, 2.0]}}

import torch
from torch import nn

def _make(fix, n=64, d=1024):
    w = torch.empty(n, d)
    if fix:
        nn.init.trunc_normal_(w)
    else:
        w = torch.fmod(torch.randn(n, d), 2)
    lin = nn.Linear(d, n)
    lin.weight = nn.Parameter(w)
    return nn.Sequential(lin, nn.LayerNorm(n))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 1024),)
