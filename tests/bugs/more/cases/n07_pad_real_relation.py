"""n07 (class 1): padding_idx=0 on a relation table whose id 0 is a real relation: its row never gets a
    gradient

Link: https://github.com/ibalazevic/TuckER/issues/17
Numerically: row 0 is drawn like the others but the module drops its gradient
Expected finding: padding_row_nonzero, unexpected_zero_row, frozen_parameter  [visible from M: the
    live module object]
"""
META = {'id': 'n07',
 'cls': 1,
 'title': 'padding_idx=0 on a relation table whose id 0 is a real relation: its row never gets a gradient',
 'link': 'https://github.com/ibalazevic/TuckER/issues/17',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero', 'unexpected_zero_row', 'frozen_parameter'],
 'sees': 'row 0 is drawn like the others but the module drops its gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class TuckER(nn.Module):
    def __init__(self, fix, ents=200, rels=24, d1=24, d2=16):
        super().__init__()
        self.E = nn.Embedding(ents, d1)
        self.R = nn.Embedding(rels, d2) if fix else nn.Embedding(rels, d2, padding_idx=0)
        self.W = nn.Parameter(torch.empty(d2, d1, d1).uniform_(-1, 1))
        nn.init.xavier_normal_(self.E.weight.data)
        nn.init.xavier_normal_(self.R.weight.data)

    def forward(self, e, r):
        w = (self.R(r) @ self.W.flatten(1)).view(-1, 24, 24)
        return (self.E(e)[:, None] @ w).squeeze(1) @ self.E.weight.T

def _make(fix):
    return TuckER(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 200, (5,)), torch.tensor([0, 3, 0, 7, 9]))
