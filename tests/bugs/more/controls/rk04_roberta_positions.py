"""rk04 (control): RoBERTa: 514 positions, row 1 (the padding) is zero, row 0 is drawn and never used

Link: https://github.com/facebookresearch/fairseq/issues/1187
Why it is NOT a bug: positions start at padding_idx + 1; the padding position is a zero row by
    padding_idx=1
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk04',
 'cls': 'control',
 'title': 'RoBERTa: 514 positions, row 1 (the padding) is zero, row 0 is drawn and never used',
 'link': 'https://github.com/facebookresearch/fairseq/issues/1187',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'positions start at padding_idx + 1; the padding position is a zero row by padding_idx=1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Embeddings(nn.Module):
    def __init__(self, v=90, d=24, n=34, pad=1):
        super().__init__()
        self.word_embeddings = nn.Embedding(v, d, padding_idx=pad)
        self.position_embeddings = nn.Embedding(n, d, padding_idx=pad)
        self.token_type_embeddings = nn.Embedding(1, d)
        for m in (self.word_embeddings, self.position_embeddings, self.token_type_embeddings):
            nn.init.normal_(m.weight, std=0.02)
            if m.padding_idx is not None:
                nn.init.zeros_(m.weight[m.padding_idx])
        self.LayerNorm, self.pad = nn.LayerNorm(d), pad

    def forward(self, ids):
        mask = ids.ne(self.pad).int()
        places = torch.cumsum(mask, 1) * mask + self.pad
        return self.LayerNorm(self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings(torch.zeros_like(ids)))

def build():
    return Embeddings()

def example_input():
    return (torch.tensor([[0, 5, 8, 2, 1, 1], [0, 9, 2, 1, 1, 1]]),)
