"""m09 (class 4): NoisyNet: bias_sigma is filled with sigma/sqrt(out_features) instead of
sigma/sqrt(in_features)

Link: https://github.com/Curt-Park/rainbow-is-all-you-need/issues/48
Numerically: 0.5/sqrt(256) = 0.031 instead of 0.5/sqrt(64) = 0.0625
Expected finding: wrong_distribution, wrong_values, out_of_bounds, scale_too_small, mean_not_zero
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm09',
 'cls': 4,
 'title': 'NoisyNet: bias_sigma is filled with sigma/sqrt(out_features) instead of sigma/sqrt(in_features)',
 'link': 'https://github.com/Curt-Park/rainbow-is-all-you-need/issues/48',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'wrong_values', 'out_of_bounds', 'scale_too_small', 'mean_not_zero'],
 'sees': '0.5/sqrt(256) = 0.031 instead of 0.5/sqrt(64) = 0.0625',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.bias_sigma': ['constant', 0.0625]}}

import math

import torch
from torch import nn

class NoisyLinear(nn.Module):
    def __init__(self, fix, i, o, sigma=0.5):
        super().__init__()
        self.weight_mu = nn.Parameter(torch.empty(o, i).uniform_(-i ** -0.5, i ** -0.5))
        self.weight_sigma = nn.Parameter(torch.full((o, i), sigma / math.sqrt(i)))
        self.bias_mu = nn.Parameter(torch.empty(o).uniform_(-i ** -0.5, i ** -0.5))
        self.bias_sigma = nn.Parameter(torch.full((o,), sigma / math.sqrt(i if fix else o)))

    def forward(self, x):
        e = torch.randn_like
        return nn.functional.linear(x, self.weight_mu + self.weight_sigma * e(self.weight_mu),
                                    self.bias_mu + self.bias_sigma * e(self.bias_mu))

def _make(fix):
    return nn.Sequential(NoisyLinear(fix, 64, 256), nn.ReLU(), NoisyLinear(True, 256, 6))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 64),)
