"""sk11 (control): KAN: one grid buffer repeated for every input, spline coefficients of noise 0.1,
    base weights uniform

Link: https://arxiv.org/abs/2404.19756
Why it is NOT a bug: equal rows of the grid are one grid, shared on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk11',
 'cls': 'control',
 'title': 'KAN: one grid buffer repeated for every input, spline coefficients of noise 0.1, base weights '
          'uniform',
 'link': 'https://arxiv.org/abs/2404.19756',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'equal rows of the grid are one grid, shared on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class KAN(nn.Module):
    def __init__(self, i, o, k=8):
        super().__init__()
        self.register_buffer("grid", torch.linspace(-2, 2, k).repeat(i, 1))
        self.coef = nn.Parameter(torch.randn(o, i, k) * 0.1 / math.sqrt(i))
        self.base = nn.Parameter(torch.empty(o, i))
        nn.init.kaiming_uniform_(self.base, a=math.sqrt(5))
        self.scale = nn.Parameter(torch.ones(o, i))

    def forward(self, x):
        phi = torch.exp(-((x[..., None] - self.grid) / 0.6) ** 2)
        return nn.functional.silu(x) @ self.base.T + torch.einsum("bik,oik->bo", phi, self.coef * self.scale[..., None])

def build():
    return nn.Sequential(KAN(6, 16), KAN(16, 3))

def example_input():
    return (torch.randn(32, 6),)
