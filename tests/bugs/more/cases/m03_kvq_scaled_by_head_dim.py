"""m03 (class 4): key/value/query tensors scaled by head_dim**-0.5 instead of n_embd**-0.5: the
variance blows up

Link: https://github.com/clankur/einygpt/pull/3
Numerically: std 1/sqrt(32) instead of 1/sqrt(256): 2.8x too large
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm03',
 'cls': 4,
 'title': 'key/value/query tensors scaled by head_dim**-0.5 instead of n_embd**-0.5: the variance blows up',
 'link': 'https://github.com/clankur/einygpt/pull/3',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'std 1/sqrt(32) instead of 1/sqrt(256): 2.8x too large',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.attention_kvq': ['normal', 0.0, 0.0625]}}

import torch
from torch import nn

class Attention(nn.Module):
    def __init__(self, fix, d=256, heads=8, hd=32):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.attention_kvq = nn.Parameter(torch.randn(3, d, heads, hd) * (d if fix else hd) ** -0.5)
        self.out = nn.Parameter(torch.randn(heads, hd, d) * (heads * hd) ** -0.5)

    def forward(self, x):
        k, v, q = torch.einsum("bld,cdhk->cbhlk", self.norm(x), self.attention_kvq)
        a = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        return x + torch.einsum("bhlk,hkd->bld", a @ v, self.out)

def _make(fix):
    return nn.Sequential(Attention(fix), Attention(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 12, 256),)
