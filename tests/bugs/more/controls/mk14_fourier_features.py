"""mk14 (control): Gaussian Fourier features: a frozen random matrix of std 10 before sin and cos

Link: https://arxiv.org/abs/2006.10739
Why it is NOT a bug: large frozen frequencies
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk14',
 'cls': 'control',
 'title': 'Gaussian Fourier features: a frozen random matrix of std 10 before sin and cos',
 'link': 'https://arxiv.org/abs/2006.10739',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'large frozen frequencies',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Features(nn.Module):
    def __init__(self, i=2, m=64, sigma=10.0):
        super().__init__()
        self.register_buffer("B", torch.randn(i, m) * sigma)

    def forward(self, x):
        p = 2 * math.pi * x @ self.B
        return torch.cat([p.sin(), p.cos()], -1)

def build():
    return nn.Sequential(Features(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 3))

def example_input():
    return (torch.rand(100, 2),)
