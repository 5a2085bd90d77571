"""m51 (class 7): the kernel writes whole blocks of 4,096 only: the tail of every large draw keeps its
zeros

Link: https://github.com/hughperkins/tf-coriander/issues/35
Numerically: the last rows of the table are exactly 0
Expected finding: zero_rows, all_zero_slice, zero_slice, unexpected_zero_row  [visible from W:
    values in the state dict alone]
Stand-in: the kernel's grid is re-implemented
"""
META = {'id': 'm51',
 'cls': 7,
 'title': 'the kernel writes whole blocks of 4,096 only: the tail of every large draw keeps its zeros',
 'link': 'https://github.com/hughperkins/tf-coriander/issues/35',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'all_zero_slice', 'zero_slice', 'unexpected_zero_row'],
 'sees': 'the last rows of the table are exactly 0',
 'severity': 'silent',
 'stand_in': "the kernel's grid is re-implemented",
 'spec': None}

import torch
from torch import nn

def _kernel_normal(w, std, block, fix):
    n = w.numel() if fix else w.numel() // block * block
    w.view(-1)[:n] = torch.randn(n) * std

def _make(fix, n=150, d=64):
    emb, lin = nn.Embedding(n, d), nn.Linear(d, 10)
    with torch.no_grad():
        emb.weight.zero_()
        _kernel_normal(emb.weight, 0.1, 4096, fix)
    return nn.Sequential(emb, lin)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 150, (2, 4)),)
