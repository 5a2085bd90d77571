"""n16 (class 2): a re-written Linear lost its reset_parameters: torch.Tensor(out, in) on fresh pages
    is (mostly) zero

Link: https://github.com/mattiasegu/uncertainty_estimation_deep_learning/pull/7
Numerically: weight is zero but for a few denormals at the start
Expected finding: all_zero_param, garbage_values, zero_rows, dead_signal  [visible from W: values in
    the state dict alone]
Stand-in: a fresh page with an allocator header
"""
META = {'id': 'n16',
 'cls': 2,
 'title': 'a re-written Linear lost its reset_parameters: torch.Tensor(out, in) on fresh pages is (mostly) '
          'zero',
 'link': 'https://github.com/mattiasegu/uncertainty_estimation_deep_learning/pull/7',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'garbage_values', 'zero_rows', 'dead_signal'],
 'sees': 'weight is zero but for a few denormals at the start',
 'severity': 'silent',
 'stand_in': 'a fresh page with an allocator header',
 'spec': None}

import math
import torch
from torch import nn
from torch.nn import functional as F

class Linear(nn.Module):
    def __init__(self, i, o, fix):
        super().__init__()
        fresh = torch.zeros(o, i)
        fresh.view(-1)[:4] = torch.tensor([1.4e-44, 3.6e-43, 4.6e-41, 0.0])
        self.weight = nn.Parameter(fresh)
        self.bias = nn.Parameter(torch.zeros(o))
        if fix:
            nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

class ADFNet(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.fc1 = Linear(8 * 36, 50, fix)
        self.fc2 = Linear(50, 10, fix)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(torch.relu(self.conv(x)).flatten(1))))

def _make(fix):
    return ADFNet(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 1, 8, 8),)
