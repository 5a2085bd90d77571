"""mk16 (control): Mamba: A_log repeats log(1..n) in every row, dt bias is an inverse softplus, D is
one

Link: https://arxiv.org/abs/2312.00752
Why it is NOT a bug: structured, deterministic
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk16',
 'cls': 'control',
 'title': 'Mamba: A_log repeats log(1..n) in every row, dt bias is an inverse softplus, D is one',
 'link': 'https://arxiv.org/abs/2312.00752',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'structured, deterministic',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Mamba(nn.Module):
    def __init__(self, d=64, n=16, r=4):
        super().__init__()
        self.in_proj = nn.Linear(d, d, bias=False)
        self.dt_proj = nn.Linear(r, d)
        self.x_proj = nn.Linear(d, r, bias=False)
        nn.init.uniform_(self.dt_proj.weight, -r ** -0.5, r ** -0.5)
        dt = torch.exp(torch.rand(d) * (math.log(0.1) - math.log(0.001)) + math.log(0.001)).clamp(min=1e-4)
        with torch.no_grad():
            self.dt_proj.bias.copy_(dt + torch.log(-torch.expm1(-dt)))
        self.A_log = nn.Parameter(torch.log(torch.arange(1, n + 1).float().repeat(d, 1)))
        self.D = nn.Parameter(torch.ones(d))

    def forward(self, x):
        x = self.in_proj(x)
        dt = nn.functional.softplus(self.dt_proj(self.x_proj(x)))
        decay = torch.exp(-dt[..., None] * torch.exp(self.A_log)).mean(-1)
        return x * decay + self.D * x

def build():
    return nn.Sequential(Mamba(), Mamba())

def example_input():
    return (torch.randn(2, 7, 64),)
