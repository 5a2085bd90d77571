"""n09 (class 1): resize_token_embeddings builds a new nn.Embedding without padding_idx

Link: https://github.com/huggingface/transformers/pull/3940
Numerically: after growing the vocabulary by 3, the pad row (id 1) is trained again
Expected finding: padding_row_gets_gradient, padding_row_nonzero  [visible from F: one forward pass
    / first-step gradient]
"""
META = {'id': 'n09',
 'cls': 1,
 'title': 'resize_token_embeddings builds a new nn.Embedding without padding_idx',
 'link': 'https://github.com/huggingface/transformers/pull/3940',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_gets_gradient', 'padding_row_nonzero'],
 'sees': 'after growing the vocabulary by 3, the pad row (id 1) is trained again',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'padding_idx': {'embed_tokens': 1}}}

import torch
from torch import nn

class XLMR(nn.Module):
    def __init__(self, v=240, d=32):
        super().__init__()
        self.embed_tokens = nn.Embedding(v, d, padding_idx=1)
        nn.init.normal_(self.embed_tokens.weight, 0, 0.02)
        self.embed_tokens.weight.data[1].zero_()
        self.norm = nn.LayerNorm(d)
        self.cls = nn.Linear(d, 4)

    def resize(self, n, keep):
        old = self.embed_tokens
        new = nn.Embedding(n, old.embedding_dim, padding_idx=old.padding_idx if keep else None)
        nn.init.normal_(new.weight, 0, 0.02)
        new.weight.data[: old.num_embeddings] = old.weight.data
        self.embed_tokens = new

    def forward(self, ids):
        return self.cls(self.norm(self.embed_tokens(ids)).mean(1))

def _make(fix):
    m = XLMR()
    m.resize(243, keep=fix)
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 77, 240, 2, 1, 1, 1], [0, 5, 6, 7, 8, 2, 1]]),)
