"""m11 (class 4): decoder embedding left at N(0, 1) although the forward multiplies it by sqrt(d)

Link: https://github.com/espnet/espnet/issues/3454
Numerically: std 1 instead of d**-0.5 = 0.0625: embeddings of std 16 drown everything else
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm11',
 'cls': 4,
 'title': 'decoder embedding left at N(0, 1) although the forward multiplies it by sqrt(d)',
 'link': 'https://github.com/espnet/espnet/issues/3454',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'std 1 instead of d**-0.5 = 0.0625: embeddings of std 16 drown everything else',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'embed.weight': ['normal', 0.0, 0.0625]}}

import math

import torch
from torch import nn

class Decoder(nn.Module):
    def __init__(self, fix, vocab=300, d=256):
        super().__init__()
        self.d = d
        self.embed = nn.Embedding(vocab, d)
        if fix:
            nn.init.normal_(self.embed.weight, 0.0, d ** -0.5)
        self.norm = nn.LayerNorm(d)
        self.ff = nn.Linear(d, d)
        self.out = nn.Linear(d, vocab)

    def forward(self, ids):
        x = self.embed(ids) * math.sqrt(self.d)
        return self.out(self.norm(x + self.ff(self.norm(x))))

def _make(fix):
    return Decoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 300, (2, 9)),)
