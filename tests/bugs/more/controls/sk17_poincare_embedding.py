"""sk17 (control): Poincare embeddings start near the origin: U(-0.001, 0.001)

Link: https://arxiv.org/abs/1705.08039
Why it is NOT a bug: tiny on purpose; distances are what counts
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk17',
 'cls': 'control',
 'title': 'Poincare embeddings start near the origin: U(-0.001, 0.001)',
 'link': 'https://arxiv.org/abs/1705.08039',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'tiny on purpose; distances are what counts',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Poincare(nn.Module):
    def __init__(self, n=150, d=10):
        super().__init__()
        self.emb = nn.Embedding(n, d)
        nn.init.uniform_(self.emb.weight, -1e-3, 1e-3)

    def forward(self, u, v):
        u, v = self.emb(u), self.emb(v)
        a = ((u - v) ** 2).sum(-1)
        return torch.acosh(1 + 2 * a / ((1 - (u ** 2).sum(-1)) * (1 - (v ** 2).sum(-1))) + 1e-7)

def build():
    return Poincare()

def example_input():
    return torch.randint(0, 150, (8,)), torch.randint(0, 150, (8,))
