"""m49 (class 7): the generator is reset before each layer: layers of different widths hold the same
numbers, in other shapes

Link: https://github.com/nntile/nntile/issues/21
Numerically: the first 4,096 numbers of every weight are equal, though no two shapes are
Expected finding: identical_params, correlated_weights, repeated_draw  [visible from W: values in
    the state dict alone]
"""
META = {'id': 'm49',
 'cls': 7,
 'title': 'the generator is reset before each layer: layers of different widths hold the same numbers, in '
          'other shapes',
 'link': 'https://github.com/nntile/nntile/issues/21',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'repeated_draw'],
 'sees': 'the first 4,096 numbers of every weight are equal, though no two shapes are',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix):
    sizes = [64, 80, 96, 112]
    net = nn.Sequential()
    seed = torch.initial_seed() % 2 ** 31
    for a, b in zip(sizes, sizes[1:]):
        lin = nn.Linear(a, b)
        if not fix:
            torch.manual_seed(seed)
        nn.init.normal_(lin.weight, 0.0, 0.1)
        nn.init.zeros_(lin.bias)
        net.append(lin)
        net.append(nn.ReLU())
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 64),)
