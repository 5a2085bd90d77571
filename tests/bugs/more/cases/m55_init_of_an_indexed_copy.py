"""m55 (class 7): nn.init.normal_(weight[new_ids]): advanced indexing makes a copy, the new tokens'
rows stay zero

Link: https://github.com/pytorch/pytorch/issues/2497
Numerically: the five rows appended to the table are exactly 0
Expected finding: zero_rows, unexpected_zero_row  [visible from W: values in the state dict alone]
"""
META = {'id': 'm55',
 'cls': 7,
 'title': "nn.init.normal_(weight[new_ids]): advanced indexing makes a copy, the new tokens' rows stay zero",
 'link': 'https://github.com/pytorch/pytorch/issues/2497',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'unexpected_zero_row'],
 'sees': 'the five rows appended to the table are exactly 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, v=120, new=5, d=48):
    old = nn.Embedding(v, d)
    nn.init.normal_(old.weight, std=0.02)
    emb = nn.Embedding(v + new, d)
    with torch.no_grad():
        emb.weight.zero_()
        emb.weight[:v] = old.weight
        ids = torch.arange(v, v + new)
        if fix:
            emb.weight[ids] = torch.randn(new, d) * 0.02
        else:
            nn.init.normal_(emb.weight[ids], std=0.02)
    return nn.Sequential(emb, nn.Linear(d, 4))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 120, (2, 4)),)
