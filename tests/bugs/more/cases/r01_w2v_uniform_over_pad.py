"""r01 (class 1): word2vec: padding_idx=0 is given, then both tables are filled with uniform_ over all rows

Link: https://github.com/ray1007/pytorch-word2vec/issues/17
Numerically: emb0 and emb1 declare padding_idx=0, row 0 is uniform like every other row
Expected finding: padding_row_nonzero  [visible from M]
"""
META = {'id': 'r01',
 'cls': 1,
 'title': 'word2vec: padding_idx=0 is given, then both tables are filled with uniform_ over all rows',
 'link': 'https://github.com/ray1007/pytorch-word2vec/issues/17',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'emb0 and emb1 declare padding_idx=0, row 0 is uniform like every other row',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class CBOW(nn.Module):
    def __init__(self, vocab=150, dim=20):
        super().__init__()
        self.emb0_lookup = nn.Embedding(vocab, dim, 0, sparse=True)
        self.emb1_lookup = nn.Embedding(vocab, dim, 0, sparse=True)
        self.emb0_lookup.weight.data.uniform_(-0.5 / dim, 0.5 / dim)
        self.emb1_lookup.weight.data.uniform_(-0.5 / dim, 0.5 / dim)

    def forward(self, context, center):
        c = self.emb0_lookup(context).mean(1, keepdim=True)
        return (c @ self.emb1_lookup(center).transpose(1, 2)).squeeze(1)

def _make(fix):
    m = CBOW()
    if fix:
        m.emb0_lookup.weight.data[0].zero_()
        m.emb1_lookup.weight.data[0].zero_()
    return m

def example_input():
    return torch.randint(1, 150, (6, 4)), torch.randint(1, 150, (6, 5))

def build():
    return _make(False)

def build_fixed():
    return _make(True)
