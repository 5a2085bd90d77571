"""r39 (class 8): SinusoidalPositionalEmbedding keeps its table in self.weights, a plain tensor

Link: https://github.com/facebookresearch/fairseq/issues/4420
Also: https://github.com/facebookresearch/fairseq/pull/5213
Numerically: weights is no buffer; a dummy buffer _float_tensor tells forward where to move it
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r39',
 'cls': 8,
 'title': 'SinusoidalPositionalEmbedding keeps its table in self.weights, a plain tensor',
 'link': 'https://github.com/facebookresearch/fairseq/issues/4420',
 'also': ['https://github.com/facebookresearch/fairseq/pull/5213'],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'weights is no buffer; a dummy buffer _float_tensor tells forward where to move it',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Sinusoidal(nn.Module):
    def __init__(self, fix, d=16, padding_idx=1, size=64):
        super().__init__()
        freq = torch.exp(torch.arange(d // 2) * -(math.log(10000) / (d // 2 - 1)))
        angle = torch.arange(size)[:, None] * freq
        table = torch.cat([angle.sin(), angle.cos()], 1)
        table[padding_idx] = 0
        self.padding_idx = padding_idx
        if fix:
            self.register_buffer("weights", table, persistent=False)
        else:
            self.weights = table
            self.register_buffer("_float_tensor", torch.zeros(1))

    def forward(self, ids):
        mask = ids.ne(self.padding_idx).int()
        places = torch.cumsum(mask, 1) * mask + self.padding_idx
        return self.weights.to(ids.device)[places]

class Encoder(nn.Module):
    def __init__(self, fix, v=50, d=16):
        super().__init__()
        self.embed_tokens = nn.Embedding(v, d, padding_idx=1)
        self.embed_positions = Sinusoidal(fix, d)
        self.layer = nn.Linear(d, d)
        nn.init.normal_(self.embed_tokens.weight, std=d ** -0.5)
        nn.init.zeros_(self.embed_tokens.weight[1])

    def forward(self, ids):
        return self.layer(4 * self.embed_tokens(ids) + self.embed_positions(ids))

def _make(fix):
    return Encoder(fix)

def example_input():
    return (torch.tensor([[5, 6, 7, 1], [8, 9, 1, 1]]),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
