"""n83 (class 8): nn.Linear(n_heads * d_v, d_model)(context) written inside forward of the attention

Link: https://github.com/graykode/nlp-tutorial/issues/29
Numerically: the output projection is drawn anew at each forward and never trained
Expected finding: unregistered, lost_registration  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'n83',
 'cls': 8,
 'title': 'nn.Linear(n_heads * d_v, d_model)(context) written inside forward of the attention',
 'link': 'https://github.com/graykode/nlp-tutorial/issues/29',
 'also': [],
 'level': 'F',
 'expect': ['unregistered', 'lost_registration'],
 'sees': 'the output projection is drawn anew at each forward and never trained',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MultiHead(nn.Module):
    def __init__(self, fix, d=24, h=3):
        super().__init__()
        self.h = h
        self.W_Q, self.W_K, self.W_V = (nn.Linear(d, d) for _ in range(3))
        self.linear = nn.Linear(d, d) if fix else None

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (w(x).view(b, n, self.h, -1).transpose(1, 2) for w in (self.W_Q, self.W_K, self.W_V))
        c = ((q @ k.transpose(-1, -2) / 8**0.5).softmax(-1) @ v).transpose(1, 2).reshape(b, n, d)
        out = self.linear(c) if self.linear is not None else nn.Linear(d, d)(c)
        return out + x

def _make(fix):
    return MultiHead(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 24),)
