"""m14 (class 4): `for name, p in module.named_parameters(): p /= sqrt(2L)` inside apply(): each
nesting level divides again

Link: https://github.com/state-spaces/mamba/blob/main/mamba_ssm/models/mixer_seq_simple.py
Numerically: divided twice: 0.02/8 and 0.02/64 instead of 0.02/8 once
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm14',
 'cls': 4,
 'title': '`for name, p in module.named_parameters(): p /= sqrt(2L)` inside apply(): each nesting level '
          'divides again',
 'link': 'https://github.com/state-spaces/mamba/blob/main/mamba_ssm/models/mixer_seq_simple.py',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'divided twice: 0.02/8 and 0.02/64 instead of 0.02/8 once',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.mixer.out_proj.weight': ['normal', 0.0, 0.0070710678118654745]}}

import math

import torch
from torch import nn

class Mixer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.in_proj = nn.Linear(d, 2 * d, bias=False)
        self.out_proj = nn.Linear(2 * d, d, bias=False)

    def forward(self, x):
        return self.out_proj(nn.functional.silu(self.in_proj(x)))

class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm, self.mixer = nn.LayerNorm(d), Mixer(d)

    def forward(self, x):
        return x + self.mixer(self.norm(x))

def _make(fix, n_layer=8, d=64):
    net = nn.Sequential(*[Block(d) for _ in range(n_layer)])
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0.0, 0.02)

    def rescale(module):
        names = [(n, p) for n, p in module.named_parameters(recurse=True) if n.endswith("out_proj.weight")]
        with torch.no_grad():
            for n, p in names:
                p /= math.sqrt(n_layer)

    if fix:
        rescale(net)
    else:
        net.apply(rescale)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 7, 64),)
