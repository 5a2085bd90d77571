"""rk02 (control): a linear model starts at zero: there is no symmetry to break

Link: https://github.com/jthickstun/pytorch_musicnet/issues/4
Why it is NOT a bug: one linear layer on a fixed feature map: convex, zero is as good as any start
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk02',
 'cls': 'control',
 'title': 'a linear model starts at zero: there is no symmetry to break',
 'link': 'https://github.com/jthickstun/pytorch_musicnet/issues/4',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'one linear layer on a fixed feature map: convex, zero is as good as any start',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Spectral(nn.Module):
    def __init__(self, window=64, k=12, regions=3, notes=20):
        super().__init__()
        t = torch.arange(window) / window
        f = 2 * torch.pi * torch.arange(1, k + 1)[:, None] * t
        self.register_buffer("wsin", f.sin()[:, None] * torch.hann_window(window))
        self.register_buffer("wcos", f.cos()[:, None] * torch.hann_window(window))
        self.linear = nn.Linear(k * regions, notes, bias=False)
        nn.init.constant_(self.linear.weight, 0)

    def forward(self, x):
        z = nn.functional.conv1d(x[:, None], self.wsin, stride=32).pow(2) + nn.functional.conv1d(x[:, None], self.wcos, stride=32).pow(2)
        return self.linear(torch.log(z + 1e-6).flatten(1))

def build():
    return Spectral()

def example_input():
    return (torch.randn(5, 128),)
