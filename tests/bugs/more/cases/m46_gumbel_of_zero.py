"""m46 (class 7): Gumbel noise -log(-log u) of a u that is exactly 0 or 1: infinities in the noise that
initialises the codebook logits

Link: https://github.com/pytorch/pytorch/pull/4517
Numerically: one or two infinite entries
Expected finding: nan_inf, not_finite  [visible from W: values in the state dict alone]
Stand-in: 10-bit uniforms make the rare zero likely
"""
META = {'id': 'm46',
 'cls': 7,
 'title': 'Gumbel noise -log(-log u) of a u that is exactly 0 or 1: infinities in the noise that initialises '
          'the codebook logits',
 'link': 'https://github.com/pytorch/pytorch/pull/4517',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'not_finite'],
 'sees': 'one or two infinite entries',
 'severity': 'silent',
 'stand_in': '10-bit uniforms make the rare zero likely',
 'spec': None}

import torch
from torch import nn

class Quantizer(nn.Module):
    def __init__(self, fix, n=64, k=512):
        super().__init__()
        u = (torch.randint(0, 2 ** 10, (n, k)).float() / 2 ** 10)
        if fix:
            u = u.clamp(1e-6, 1 - 1e-6)
        self.logits = nn.Parameter(-torch.log(-torch.log(u)))
        self.vars = nn.Parameter(torch.rand(k, 16))

    def forward(self, ids):
        return torch.softmax(self.logits[ids], -1) @ self.vars

def _make(fix):
    return Quantizer(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([0, 5]),)
