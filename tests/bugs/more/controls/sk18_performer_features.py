"""sk18 (control): Performer: orthogonal blocks of random features with chi-distributed row norms, as a
    buffer

Link: https://arxiv.org/abs/2009.14794
Why it is NOT a bug: orthogonal but not orthonormal, fixed
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk18',
 'cls': 'control',
 'title': 'Performer: orthogonal blocks of random features with chi-distributed row norms, as a buffer',
 'link': 'https://arxiv.org/abs/2009.14794',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'orthogonal but not orthonormal, fixed',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Performer(nn.Module):
    def __init__(self, d=32, m=64):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        blocks = [torch.linalg.qr(torch.randn(d, d))[0].T for _ in range(m // d)]
        self.register_buffer("omega", torch.cat(blocks) * torch.randn(m, d).norm(dim=1, keepdim=True))

    def phi(self, x):
        x = x * x.shape[-1] ** -0.25
        return torch.exp(x @ self.omega.T - (x * x).sum(-1, keepdim=True) / 2) / self.omega.shape[0] ** 0.5

    def forward(self, x):
        q, k, v = self.phi(self.q(x)), self.phi(self.k(x)), self.v(x)
        return x + self.o(q @ (k.transpose(-2, -1) @ v) / (q @ k.sum(-2, keepdim=True).transpose(-2, -1)))

def build():
    return nn.Sequential(Performer(), nn.LayerNorm(32), Performer())

def example_input():
    return (torch.randn(2, 16, 32),)
