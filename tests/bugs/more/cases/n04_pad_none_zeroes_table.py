"""n04 (class 1): with padding_idx=None, weight[None] is the whole table: every embedding becomes zero

Link: https://github.com/facebookresearch/fairseq/issues/4076
Numerically: embed_tokens.weight is exactly zero
Expected finding: all_zero_param  [visible from W: values in the state dict alone]
"""
META = {'id': 'n04',
 'cls': 1,
 'title': 'with padding_idx=None, weight[None] is the whole table: every embedding becomes zero',
 'link': 'https://github.com/facebookresearch/fairseq/issues/4076',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param'],
 'sees': 'embed_tokens.weight is exactly zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def Embedding(n, d, padding_idx, fix):
    m = nn.Embedding(n, d, padding_idx=padding_idx)
    nn.init.normal_(m.weight, mean=0, std=d ** -0.5)
    if padding_idx is not None or not fix:
        nn.init.constant_(m.weight[padding_idx], 0)
    return m

class Decoder(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.embed_tokens = Embedding(150, 32, None, fix)
        self.layer = nn.Linear(32, 32)
        self.out = nn.Linear(32, 150)

    def forward(self, ids):
        return self.out(torch.relu(self.layer(self.embed_tokens(ids))))

def _make(fix):
    return Decoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 150, (2, 6)),)
