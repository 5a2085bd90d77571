"""q12 (control): Mamba: A_log = log(1..N) repeated in every channel, D = 1, dt bias by inverse
    softplus

Link: https://arxiv.org/abs/2312.00752
Why it is NOT a bug: structured, repeated rows; all meant
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q12',
 'cls': 'control',
 'title': 'Mamba: A_log = log(1..N) repeated in every channel, D = 1, dt bias by inverse softplus',
 'link': 'https://arxiv.org/abs/2312.00752',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'structured, repeated rows; all meant',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn
from torch.nn import functional as F

class Mamba(nn.Module):
    def __init__(self, d=32, n=8, rank=4):
        super().__init__()
        self.in_proj = nn.Linear(d, 2 * d, bias=False)
        self.x_proj, self.dt_proj = nn.Linear(d, rank + 2 * n, bias=False), nn.Linear(rank, d)
        nn.init.uniform_(self.dt_proj.weight, -rank ** -0.5, rank ** -0.5)
        dt = torch.exp(torch.rand(d) * (math.log(0.1) - math.log(0.001)) + math.log(0.001)).clamp(min=1e-4)
        with torch.no_grad():
            self.dt_proj.bias.copy_(dt + torch.log(-torch.expm1(-dt)))
        self.A_log = nn.Parameter(torch.log(torch.arange(1, n + 1).float().repeat(d, 1)))
        self.D = nn.Parameter(torch.ones(d))
        self.out_proj = nn.Linear(d, d, bias=False)

    def forward(self, x):
        u, z = self.in_proj(x).chunk(2, -1)
        dt, b, c = self.x_proj(u).split([4, 8, 8], -1)
        dt = F.softplus(self.dt_proj(dt))
        h = torch.exp(-dt[..., None] * self.A_log.exp()) * b[..., None, :] * u[..., None]
        return self.out_proj(((h * c[..., None, :]).sum(-1) + u * self.D) * F.silu(z))

def build():
    return nn.Sequential(Mamba(), Mamba())

def example_input():
    return (torch.randn(2, 5, 32),)
