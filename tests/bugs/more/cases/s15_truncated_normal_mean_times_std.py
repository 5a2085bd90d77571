"""s15 (class 5): truncated normal computed as (z + mean) * std

Link: https://github.com/deepjavalibrary/djl/pull/1022
Numerically: centred at 0.01 instead of 0.5
Expected finding: mean_not_zero, wrong_distribution, out_of_bounds, wrong_values  [visible from S:
    the author's declared intention (spec)]
"""
META = {'id': 's15',
 'cls': 5,
 'title': 'truncated normal computed as (z + mean) * std',
 'link': 'https://github.com/deepjavalibrary/djl/pull/1022',
 'also': [],
 'level': 'S',
 'expect': ['mean_not_zero', 'wrong_distribution', 'out_of_bounds', 'wrong_values'],
 'sees': 'centred at 0.01 instead of 0.5',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'gate': ['trunc_normal', 0.5, 0.02, 0.46, 0.54]}}

import math
import torch
from torch import nn

class Gates(nn.Module):
    def __init__(self, fix, n=64, d=32, mean=0.5, std=0.02):
        super().__init__()
        z = torch.empty(n, d)
        nn.init.trunc_normal_(z)
        self.gate = nn.Parameter(z * std + mean if fix else (z + mean) * std)

    def forward(self, x):
        return x * self.gate[0]

def _make(fix):
    return Gates(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 32),)
