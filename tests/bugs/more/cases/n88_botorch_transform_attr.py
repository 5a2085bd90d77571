"""n88 (class 8): an input transform keeps its tensors as attributes: Module.to() leaves them in
    float32

Link: https://github.com/meta-pytorch/botorch/pull/1035
Numerically: after .double() the model computes in float64 with float32 coefficients
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n88',
 'cls': 8,
 'title': 'an input transform keeps its tensors as attributes: Module.to() leaves them in float32',
 'link': 'https://github.com/meta-pytorch/botorch/pull/1035',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'after .double() the model computes in float64 with float32 coefficients',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Warp(nn.Module):
    def __init__(self, fix, d=6):
        super().__init__()
        coef, off = torch.rand(d) + 0.5, torch.rand(d)
        if fix:
            self.register_buffer("coefficient", coef)
            self.register_buffer("offset", off)
        else:
            self.coefficient, self.offset = coef, off

    def forward(self, x):
        return (x - self.offset) / self.coefficient

class GP(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.input_transform = Warp(fix)
        self.mean = nn.Linear(6, 1)

    def forward(self, x):
        return self.mean(self.input_transform(x))

def _make(fix):
    return GP(fix).double()

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(5, 6, dtype=torch.float64),)
