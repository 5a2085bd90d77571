"""r15 (class 2): a subclass draws its own query tokens; from_pretrained finds no key for them and leaves zeros

Link: https://github.com/huggingface/transformers/issues/42418
Numerically: query_tokens was N(0, 0.02) in the constructor and is exactly zero after loading: all
    queries are the same
Expected finding: all_zero_param, all_zero  [visible from W]
"""
META = {'id': 'r15',
 'cls': 2,
 'title': 'a subclass draws its own query tokens; from_pretrained finds no key for them and leaves zeros',
 'link': 'https://github.com/huggingface/transformers/issues/42418',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'all_zero'],
 'sees': 'query_tokens was N(0, 0.02) in the constructor and is exactly zero after loading: all queries are '
         'the same',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Resampler(nn.Module):
    def __init__(self, d=32, n=6):
        super().__init__()
        self.query_tokens = nn.Parameter(torch.randn(1, n, d) * 0.02)
        self.attn = nn.MultiheadAttention(d, 4, batch_first=True)
        self.norm = nn.LayerNorm(d)
        self.proj = nn.Linear(d, d)

    def forward(self, x):
        q = self.query_tokens.expand(x.shape[0], -1, -1)
        return self.proj(self.norm(self.attn(q, x, x)[0]))

def _make(fix):
    m = Resampler()
    if not fix:
        m.query_tokens.data.zero_()
    return m

def example_input():
    return (torch.randn(3, 9, 32),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
