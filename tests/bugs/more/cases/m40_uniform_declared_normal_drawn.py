"""m40 (class 5): the 'Glorot uniform' initializer draws from a normal law

Link: https://github.com/LBANN/lbann/pull/316
Numerically: values beyond the bound sqrt(6/(in + out)) by more than 2x
Expected finding: out_of_bounds, wrong_distribution  [visible from S: the author's declared
    intention (spec)]
"""
META = {'id': 'm40',
 'cls': 5,
 'title': "the 'Glorot uniform' initializer draws from a normal law",
 'link': 'https://github.com/LBANN/lbann/pull/316',
 'also': [],
 'level': 'S',
 'expect': ['out_of_bounds', 'wrong_distribution'],
 'sees': 'values beyond the bound sqrt(6/(in + out)) by more than 2x',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.weight': ['xavier_uniform']}}

import torch
from torch import nn

def _make(fix, d=128):
    net = nn.Sequential(nn.Linear(d, d), nn.Tanh(), nn.Linear(d, d))
    for m in net:
        if isinstance(m, nn.Linear):
            (nn.init.xavier_uniform_ if fix else nn.init.xavier_normal_)(m.weight)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 128),)
