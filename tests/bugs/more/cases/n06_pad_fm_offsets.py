"""n06 (class 1): factorization machine: one table with field offsets, padding_idx=0, then
    xavier_uniform_ over all of it

Link: https://github.com/rixwew/pytorch-fm/issues/23
Numerically: padding row 0 follows U(-a, a) like every other row
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n06',
 'cls': 1,
 'title': 'factorization machine: one table with field offsets, padding_idx=0, then xavier_uniform_ over all '
          'of it',
 'link': 'https://github.com/rixwew/pytorch-fm/issues/23',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'padding row 0 follows U(-a, a) like every other row',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class FeaturesEmbedding(nn.Module):
    def __init__(self, field_dims, embed_dim, fix):
        super().__init__()
        self.embedding = nn.Embedding(sum(field_dims), embed_dim, padding_idx=0)
        self.register_buffer("offsets", torch.tensor([0, *field_dims[:-1]]).cumsum(0))
        nn.init.xavier_uniform_(self.embedding.weight.data)
        if fix:
            self.embedding._fill_padding_idx_with_zero()

    def forward(self, x):
        return self.embedding(x + self.offsets)

class FM(nn.Module):
    def __init__(self, fix, dims=(900, 400, 30)):
        super().__init__()
        self.emb = FeaturesEmbedding(dims, 10, fix)
        self.lin = nn.Linear(30, 1)

    def forward(self, x):
        e = self.emb(x)
        return self.lin(e.flatten(1)) + 0.5 * (e.sum(1) ** 2 - (e ** 2).sum(1)).sum(1, keepdim=True)

def _make(fix):
    return FM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.stack([torch.randint(1, n, (6,)) for n in (900, 400, 30)], 1),)
