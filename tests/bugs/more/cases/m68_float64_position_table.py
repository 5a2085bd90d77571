"""m68 (class 9): a sin-cos table made by numpy is float64: everything after the addition runs in
double, or fails

Link: https://github.com/Kyubyong/transformer/issues/19
Numerically: one float64 buffer in a float32 net
Expected finding: dtype_mix  [visible from W: values in the state dict alone]
"""
META = {'id': 'm68',
 'cls': 9,
 'title': 'a sin-cos table made by numpy is float64: everything after the addition runs in double, or fails',
 'link': 'https://github.com/Kyubyong/transformer/issues/19',
 'also': [],
 'level': 'W',
 'expect': ['dtype_mix'],
 'sees': 'one float64 buffer in a float32 net',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, fix, n=30, d=16):
        super().__init__()
        pos = np.arange(n)[:, None] / 10000 ** (2 * np.arange(d // 2) / d)
        table = torch.from_numpy(np.concatenate([np.sin(pos), np.cos(pos)], 1))
        self.register_buffer("pos_embed", table.float() if fix else table)
        self.norm, self.fc = nn.LayerNorm(d), nn.Linear(d, d)

    def forward(self, x):
        return self.fc(self.norm(x + self.pos_embed[: x.shape[1]].to(x.dtype)))

def _make(fix):
    return Encoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 9, 16),)
