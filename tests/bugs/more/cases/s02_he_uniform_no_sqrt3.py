"""s02 (class 4): he_uniform passes the standard deviation as the bound of a uniform law: the sqrt(3)
    is missing

Link: https://github.com/keras-team/keras/pull/372
Also: https://github.com/LaurentMazare/tch-rs/pull/573
Numerically: U(+-sqrt(2/n)) has variance 2/(3n): each ReLU layer keeps a third of the power, 10
    layers 2e-5
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 's02',
 'cls': 4,
 'title': 'he_uniform passes the standard deviation as the bound of a uniform law: the sqrt(3) is missing',
 'link': 'https://github.com/keras-team/keras/pull/372',
 'also': ['https://github.com/LaurentMazare/tch-rs/pull/573'],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'U(+-sqrt(2/n)) has variance 2/(3n): each ReLU layer keeps a third of the power, 10 layers 2e-5',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def he_uniform_(weight, fix):
    s = math.sqrt(2.0 / weight.shape[1])
    with torch.no_grad():
        weight.uniform_(-s * (math.sqrt(3) if fix else 1), s * (math.sqrt(3) if fix else 1))

def _make(fix, d=96, depth=10):
    layers = []
    for _ in range(depth):
        lin = nn.Linear(d, d)
        he_uniform_(lin.weight, fix)
        nn.init.zeros_(lin.bias)
        layers += [lin, nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(d, 10))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 96),)
