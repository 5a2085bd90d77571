"""s10 (class 4): echo state network: the spectral radius that was asked for is never applied to the
    reservoir

Link: https://github.com/tensorflow/addons/issues/2811
Numerically: U(-1, 1) of 200 units has radius 8 instead of 0.9: tanh sits at +-1
Expected finding: saturated_units, scale_too_large, lost_signal  [visible from F: one forward pass /
    first-step gradient]
"""
META = {'id': 's10',
 'cls': 4,
 'title': 'echo state network: the spectral radius that was asked for is never applied to the reservoir',
 'link': 'https://github.com/tensorflow/addons/issues/2811',
 'also': [],
 'level': 'F',
 'expect': ['saturated_units', 'scale_too_large', 'lost_signal'],
 'sees': 'U(-1, 1) of 200 units has radius 8 instead of 0.9: tanh sits at +-1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class ESN(nn.Module):
    def __init__(self, fix, n_in=4, n=200, radius=0.9):
        super().__init__()
        self.w_in = nn.Parameter((torch.rand(n, n_in) - 0.5), requires_grad=False)
        w = torch.rand(n, n) * 2 - 1
        if fix:
            w *= radius / torch.linalg.eigvals(w).abs().max()
        self.w = nn.Parameter(w, requires_grad=False)
        self.act = nn.Tanh()
        self.readout = nn.Linear(n, 2)

    def forward(self, x):
        h = x.new_zeros(x.shape[0], self.w.shape[0])
        for t in range(x.shape[1]):
            h = self.act(x[:, t] @ self.w_in.T + h @ self.w.T)
        return self.readout(h)

def _make(fix):
    return ESN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(16, 12, 4),)
