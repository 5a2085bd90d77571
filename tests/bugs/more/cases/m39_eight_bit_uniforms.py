"""m39 (class 5): a backend draws its uniforms from 8 random bits: a float32 weight takes 256 values

Link: https://github.com/tinygrad/tinygrad/pull/3764
Numerically: 256 distinct values in 65,536 float32 weights
Expected finding: low_resolution, wrong_distribution  [visible from W: values in the state dict
    alone]
Stand-in: the backend's generator is re-implemented
"""
META = {'id': 'm39',
 'cls': 5,
 'title': 'a backend draws its uniforms from 8 random bits: a float32 weight takes 256 values',
 'link': 'https://github.com/tinygrad/tinygrad/pull/3764',
 'also': [],
 'level': 'W',
 'expect': ['low_resolution', 'wrong_distribution'],
 'sees': '256 distinct values in 65,536 float32 weights',
 'severity': 'silent',
 'stand_in': "the backend's generator is re-implemented",
 'spec': None}

import torch
from torch import nn

def _rand(shape, bits):
    return torch.randint(0, 2 ** bits, shape).float() / 2 ** bits

def _make(fix, d=256):
    net = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
    for m in net:
        if isinstance(m, nn.Linear):
            b = (6 / d) ** 0.5
            m.weight.data.copy_((2 * _rand(m.weight.shape, 24 if fix else 8) - 1) * b)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 256),)
