"""p04 (class 2): text_projection is torch.empty when the model is trained from scratch

Link: https://github.com/openai/CLIP/issues/15
Numerically: a projection full of stale 64-bit pointers read as floats
Expected finding: garbage_values, nan_inf, outliers  [visible from W: values in the state dict
    alone]
Stand-in: pointer-like words
"""
META = {'id': 'p04',
 'cls': 2,
 'title': 'text_projection is torch.empty when the model is trained from scratch',
 'link': 'https://github.com/openai/CLIP/issues/15',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'outliers'],
 'sees': 'a projection full of stale 64-bit pointers read as floats',
 'severity': 'silent',
 'stand_in': 'pointer-like words',
 'spec': None}

import math
import torch
from torch import nn

def _stale(*shape):
    n = math.prod(shape)
    low = torch.randint(0, 2**31 - 1, (n,), dtype=torch.int32)
    low[1::2] = 0x7F3A
    return low.view(torch.float32).nan_to_num(0.0, 0.0, 0.0).reshape(shape).clone()

class Text(nn.Module):
    def __init__(self, fix, d=32):
        super().__init__()
        self.token_embedding = nn.Embedding(100, d)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        self.positional_embedding = nn.Parameter(torch.randn(12, d) * 0.01)
        self.ln_final = nn.LayerNorm(d)
        self.text_projection = nn.Parameter(torch.randn(d, 16) * d ** -0.5 if fix else _stale(d, 16))

    def forward(self, ids):
        x = self.token_embedding(ids) + self.positional_embedding[: ids.shape[1]]
        return self.ln_final(x)[:, -1] @ self.text_projection

def _make(fix):
    return Text(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 100, (2, 9)),)
