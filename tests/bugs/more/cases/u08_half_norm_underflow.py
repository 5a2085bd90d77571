"""u08 (class 7): rows are normalised in float16: the squares of rare words underflow, their norm is zero and so become they

Link: https://github.com/MinishLab/model2vec/pull/369
Numerically: rows with entries near 1e-4 are exactly zero after the division
Expected finding: zero_rows, unexpected_zero_row, all_zero_slice, nan_inf  [visible from W]
"""
META = {'id': 'u08',
 'cls': 7,
 'title': 'rows are normalised in float16: the squares of rare words underflow, their norm is zero and so become '
          'they',
 'link': 'https://github.com/MinishLab/model2vec/pull/369',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'unexpected_zero_row', 'all_zero_slice', 'nan_inf'],
 'sees': 'rows with entries near 1e-4 are exactly zero after the division',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _normalize(table, fix):
    work = table.float() if fix else table
    norm = (work * work).sum(1, keepdim=True).sqrt()
    unit = torch.where(norm > 0, work / norm.clamp_min(torch.finfo(work.dtype).tiny), torch.zeros_like(work))
    return unit.float()

class StaticModel(nn.Module):
    def __init__(self, fix, words=400, d=32):
        super().__init__()
        table = torch.randn(words, d) * 0.3
        table[torch.randperm(words)[:12]] *= 2e-4        # down-weighted by frequency
        self.embedding = nn.Embedding.from_pretrained(_normalize(table.half(), fix), freeze=False)
        self.head = nn.Linear(d, 4)

    def forward(self, ids):
        return self.head(self.embedding(ids).mean(1))

def _make(fix):
    return StaticModel(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(400, (8, 12)),)
