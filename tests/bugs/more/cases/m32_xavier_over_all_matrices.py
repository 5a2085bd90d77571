"""m32 (class 4): `for p in parameters(): if p.dim() > 1: xavier_uniform_(p)` also hits the embedding:
fan_out is the vocabulary

Link: https://github.com/pytorch/translate/pull/220
Numerically: std sqrt(2/(V + d)) = 0.022 instead of d**-0.5 = 0.088
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm32',
 'cls': 4,
 'title': '`for p in parameters(): if p.dim() > 1: xavier_uniform_(p)` also hits the embedding: fan_out is '
          'the vocabulary',
 'link': 'https://github.com/pytorch/translate/pull/220',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'std sqrt(2/(V + d)) = 0.022 instead of d**-0.5 = 0.088',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'src_embed.weight': ['normal', 0.0, 0.08838834764831845]}}

import math

import torch
from torch import nn

class Seq2Seq(nn.Module):
    def __init__(self, fix, v=4000, d=128):
        super().__init__()
        self.d = d
        self.src_embed = nn.Embedding(v, d)
        self.enc = nn.TransformerEncoderLayer(d, 4, 2 * d, batch_first=True, norm_first=True)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        if fix:
            nn.init.normal_(self.src_embed.weight, 0.0, d ** -0.5)

    def forward(self, ids):
        return self.enc(self.src_embed(ids) * math.sqrt(self.d))

def _make(fix):
    return Seq2Seq(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 4000, (2, 9)),)
