"""sk09 (control): S4: HiPPO-LegS matrix, log-uniform step sizes, complex diagonal variant

Link: https://arxiv.org/abs/2111.00396
Why it is NOT a bug: a lower triangular matrix of large numbers, known exactly
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk09',
 'cls': 'control',
 'title': 'S4: HiPPO-LegS matrix, log-uniform step sizes, complex diagonal variant',
 'link': 'https://arxiv.org/abs/2111.00396',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a lower triangular matrix of large numbers, known exactly',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class S4(nn.Module):
    def __init__(self, d=16, n=8):
        super().__init__()
        k = torch.sqrt(1 + 2 * torch.arange(n).float())
        a = -(torch.tril(k[:, None] * k[None], -1) + torch.diag(torch.arange(n).float() + 1))
        self.A = nn.Parameter(a)
        self.B = nn.Parameter(k[:, None].repeat(1, 1))
        self.C = nn.Parameter(torch.randn(d, n) * 0.5 ** 0.5)
        self.D = nn.Parameter(torch.ones(d))
        self.log_dt = nn.Parameter(torch.rand(d) * (math.log(0.1) - math.log(0.001)) + math.log(0.001))

    def forward(self, u):
        dt = self.log_dt.exp()
        eye = torch.eye(self.A.shape[0])
        step = dt[:, None, None]
        left = torch.linalg.inv(eye - step / 2 * self.A)
        a, b = left @ (eye + step / 2 * self.A), (left * step) @ self.B
        h, out = u.new_zeros(u.shape[0], u.shape[2], self.A.shape[0]), []
        for t in range(u.shape[1]):
            h = torch.einsum("dij,bdj->bdi", a, h) + b[..., 0] * u[:, t, :, None]
            out.append((h * self.C).sum(-1) + self.D * u[:, t])
        return torch.stack(out, 1)

def build():
    return nn.Sequential(nn.Linear(4, 16), S4(), nn.GELU(), nn.Linear(16, 2))

def example_input():
    return (torch.randn(3, 10, 4),)
