"""n10 (class 1): for p in parameters(): if p.dim() > 1: xavier_uniform_(p), also over the padding rows
    of five feature tables

Link: https://github.com/pytorch/pytorch/issues/6495
Numerically: every table declares padding_idx=0 and has a drawn row 0
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n10',
 'cls': 1,
 'title': 'for p in parameters(): if p.dim() > 1: xavier_uniform_(p), also over the padding rows of five '
          'feature tables',
 'link': 'https://github.com/pytorch/pytorch/issues/6495',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'every table declares padding_idx=0 and has a drawn row 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class EHR(nn.Module):
    def __init__(self, fix, sizes=(40, 300, 12, 90, 7)):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(n, 16, padding_idx=0) for n in sizes)
        self.rnn = nn.GRU(80, 32, batch_first=True)
        self.out = nn.Linear(32, 2)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        if fix:
            with torch.no_grad():
                for t in self.tables:
                    t.weight[0] = 0

    def forward(self, x):
        h, _ = self.rnn(torch.cat([t(x[..., i]) for i, t in enumerate(self.tables)], -1))
        return self.out(h[:, -1])

def _make(fix):
    return EHR(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.stack([torch.randint(1, n, (2, 5)) for n in (40, 300, 12, 90, 7)], -1),)
