"""s08 (class 4): attention = softmax(q k) * scale instead of softmax(q k * scale)

Link: https://github.com/FrancescoSaverioZuppichini/ViT/issues/2
Numerically: scores of std sqrt(d): the softmax is one-hot, and the output 16 times too small
Expected finding: saturated_units, scale_too_small, vanishing_activations, lost_signal  [visible
    from F: one forward pass / first-step gradient]
"""
META = {'id': 's08',
 'cls': 4,
 'title': 'attention = softmax(q k) * scale instead of softmax(q k * scale)',
 'link': 'https://github.com/FrancescoSaverioZuppichini/ViT/issues/2',
 'also': [],
 'level': 'F',
 'expect': ['saturated_units', 'scale_too_small', 'vanishing_activations', 'lost_signal'],
 'sees': 'scores of std sqrt(d): the softmax is one-hot, and the output 16 times too small',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self, fix, d=256):
        super().__init__()
        self.fix, self.scale = fix, d ** -0.5
        self.norm = nn.LayerNorm(d)
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        for m in (self.q, self.k, self.v, self.o):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        h = self.norm(x)
        s = self.q(h) @ self.k(h).transpose(-2, -1)
        a = self.softmax(s * self.scale) if self.fix else self.softmax(s) * self.scale
        return x + self.o(a @ self.v(h))

def _make(fix):
    return nn.Sequential(*[Attention(fix) for _ in range(3)])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 24, 256),)
