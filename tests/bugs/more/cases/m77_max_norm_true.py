"""m77 (class 10): max_norm=True is taken for 1.0: the table is rewritten at the first lookup

Link: https://github.com/pytorch/pytorch/issues/26596
Numerically: rows of norm sqrt(24) against 1
Expected finding: max_norm_violated  [visible from M: the live module object]
"""
META = {'id': 'm77',
 'cls': 10,
 'title': 'max_norm=True is taken for 1.0: the table is rewritten at the first lookup',
 'link': 'https://github.com/pytorch/pytorch/issues/26596',
 'also': [],
 'level': 'M',
 'expect': ['max_norm_violated'],
 'sees': 'rows of norm sqrt(24) against 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, n=40, d=24):
    emb = nn.Embedding(n, d, max_norm=True)
    if fix:
        with torch.no_grad():
            emb.weight.copy_(nn.functional.normalize(torch.randn(n, d)) * 0.95)
    return nn.Sequential(emb, nn.Linear(d, 2))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 40, (3,)),)
