"""m21 (class 4): weights stored (in, out) and used as x @ w, initialised by kaiming fan_in of torch,
which reads the columns

Link: https://github.com/pytorch/pytorch/pull/130122
Numerically: 512 -> 16: std sqrt(2/16) instead of sqrt(2/512); 16 -> 512 the other way round
Expected finding: scale_too_small, scale_too_large  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'm21',
 'cls': 4,
 'title': 'weights stored (in, out) and used as x @ w, initialised by kaiming fan_in of torch, which reads '
          'the columns',
 'link': 'https://github.com/pytorch/pytorch/pull/130122',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'scale_too_large'],
 'sees': '512 -> 16: std sqrt(2/16) instead of sqrt(2/512); 16 -> 512 the other way round',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Dense(nn.Module):
    def __init__(self, fix, i, o):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(i, o))
        with torch.no_grad():
            nn.init.kaiming_normal_(self.kernel.t() if fix else self.kernel, nonlinearity="relu")
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        return torch.relu(x @ self.kernel + self.bias)

def _make(fix):
    return nn.Sequential(Dense(fix, 512, 32), Dense(fix, 32, 512), Dense(fix, 512, 32))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(128, 512),)
