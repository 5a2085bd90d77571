"""q03 (control): a class token of zeros, a distillation token of tiny noise

Link: https://arxiv.org/abs/2010.11929
Why it is NOT a bug: one token only: nothing to break symmetry between, position and patches add the
    noise
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q03',
 'cls': 'control',
 'title': 'a class token of zeros, a distillation token of tiny noise',
 'link': 'https://arxiv.org/abs/2010.11929',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'one token only: nothing to break symmetry between, position and patches add the noise',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ViT(nn.Module):
    def __init__(self, d=32, n=16):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.pos_embed = nn.Parameter(torch.randn(1, n + 1, d) * 0.02)
        self.proj = nn.Conv2d(3, d, 4, 4)
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, 10)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(x).mean(1))

def build():
    return ViT()

def example_input():
    return (torch.randn(2, 3, 16, 16),)
