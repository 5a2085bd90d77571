"""m75 (class 10): AdamW in textual inversion: weight decay shrinks every word of the table, not only
the new token

Link: https://github.com/huggingface/diffusers/issues/1176
Numerically: rows that no prompt uses decay towards zero
Expected finding: unseen_rows_updated  [visible from X: running the offending operation]
"""
META = {'id': 'm75',
 'cls': 10,
 'title': 'AdamW in textual inversion: weight decay shrinks every word of the table, not only the new token',
 'link': 'https://github.com/huggingface/diffusers/issues/1176',
 'also': [],
 'level': 'X',
 'expect': ['unseen_rows_updated'],
 'sees': 'rows that no prompt uses decay towards zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class TextEncoder(nn.Module):
    def __init__(self, fix, n=80, d=16):
        super().__init__()
        self.token_embedding = nn.Embedding(n, d, sparse=fix)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        params = [self.token_embedding.weight]
        self.optimizer = (torch.optim.SparseAdam(params, lr=5e-4) if fix
                          else torch.optim.AdamW(params, lr=5e-4, weight_decay=1e-2))

    def forward(self, ids):
        return self.token_embedding(ids)

def _make(fix):
    return TextEncoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[79, 3]]),)
