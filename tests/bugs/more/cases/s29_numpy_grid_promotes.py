"""s29 (class 9): a grid made by numpy stays float64 in an attribute and promotes every activation to
    double

Link: https://github.com/KindXiaoming/pykan/pull/129
Numerically: expected scalar type Double but found Float in the next layer
Expected finding: dtype_mix, widened_to_float64, failed_forward  [visible from M: the live module
    object (attributes, identity, registration)]
"""
META = {'id': 's29',
 'cls': 9,
 'title': 'a grid made by numpy stays float64 in an attribute and promotes every activation to double',
 'link': 'https://github.com/KindXiaoming/pykan/pull/129',
 'also': [],
 'level': 'M',
 'expect': ['dtype_mix', 'widened_to_float64', 'failed_forward'],
 'sees': 'expected scalar type Double but found Float in the next layer',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

class Basis(nn.Module):
    def __init__(self, fix, k=8):
        super().__init__()
        grid = np.linspace(-2, 2, k)
        self.register_buffer("grid", torch.from_numpy(grid.astype(np.float32) if fix else grid))

    def forward(self, x):
        return torch.exp(-((x[..., None] - self.grid) ** 2)).flatten(-2)

def _make(fix):
    return nn.Sequential(nn.Linear(6, 4), Basis(fix), nn.Linear(32, 2))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 6),)
