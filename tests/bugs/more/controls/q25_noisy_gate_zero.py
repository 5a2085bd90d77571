"""q25 (control): sparsely-gated MoE: w_gate and w_noise start at zero, the noise chooses the experts

Link: https://arxiv.org/abs/1701.06538
Why it is NOT a bug: two zero matrices; different experts; both get a gradient
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q25',
 'cls': 'control',
 'title': 'sparsely-gated MoE: w_gate and w_noise start at zero, the noise chooses the experts',
 'link': 'https://arxiv.org/abs/1701.06538',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'two zero matrices; different experts; both get a gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class MoE(nn.Module):
    def __init__(self, d=24, e=4):
        super().__init__()
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(d, 32), nn.ReLU(), nn.Linear(32, d)) for _ in range(e)])
        self.w_gate = nn.Parameter(torch.zeros(d, e))
        self.w_noise = nn.Parameter(torch.zeros(d, e))

    def forward(self, x):
        clean = x @ self.w_gate
        logits = clean + torch.randn_like(clean) * (F.softplus(x @ self.w_noise) + 1e-2)
        g = logits.softmax(-1)
        return torch.stack([f(x) for f in self.experts], -1).mul(g[:, None]).sum(-1)

def build():
    return MoE()

def example_input():
    return (torch.randn(6, 24),)
