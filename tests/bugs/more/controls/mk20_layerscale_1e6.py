"""mk20 (control): CaiT: LayerScale gammas of 1e-6

Link: https://arxiv.org/abs/2103.17239
Why it is NOT a bug: tiny by design
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk20',
 'cls': 'control',
 'title': 'CaiT: LayerScale gammas of 1e-6',
 'link': 'https://arxiv.org/abs/2103.17239',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'tiny by design',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.gamma = nn.Parameter(1e-6 * torch.ones(d))

    def forward(self, x):
        return x + self.gamma * self.mlp(self.norm(x))

def build(d=48):
    net = nn.Sequential(*[Block(d) for _ in range(4)], nn.LayerNorm(d), nn.Linear(d, 10))
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)
    return net

def example_input():
    return (torch.randn(2, 9, 48),)
