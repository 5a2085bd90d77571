"""s55 (class 5): the He initializer implements LeCun: the factor 2 is missing

Link: https://github.com/LBANN/lbann/pull/316
Numerically: std is 0.71 of the intended one
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's55',
 'cls': 5,
 'title': 'the He initializer implements LeCun: the factor 2 is missing',
 'link': 'https://github.com/LBANN/lbann/pull/316',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'std is 0.71 of the intended one',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.weight': ['normal', 0.0, 0.125]}}

import math
import torch
from torch import nn

def _make(fix, d=128, depth=4):
    layers = []
    for _ in range(depth):
        lin = nn.Linear(d, d)
        nn.init.normal_(lin.weight, 0.0, math.sqrt((2.0 if fix else 1.0) / d))
        nn.init.zeros_(lin.bias)
        layers += [lin, nn.ReLU()]
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 128),)
