"""q16 (control): weight-only quantised linear: int8 codes, float scales, a packed uint8 table of 4-bit
    codes

Link: https://arxiv.org/abs/2208.07339
Why it is NOT a bug: few distinct values, integer buffers
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q16',
 'cls': 'control',
 'title': 'weight-only quantised linear: int8 codes, float scales, a packed uint8 table of 4-bit codes',
 'link': 'https://arxiv.org/abs/2208.07339',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'few distinct values, integer buffers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class QLinear(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        w = torch.randn(o, i) / i ** 0.5
        scale = w.abs().amax(1) / 127
        self.register_buffer("weight", (w / scale[:, None]).round().to(torch.int8))
        self.register_buffer("scales", scale)
        self.register_buffer("qzeros", torch.full((o, i // 8), 0x88888888 - 2**32, dtype=torch.int32))
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        return F.linear(x, self.weight.to(x.dtype) * self.scales[:, None], self.bias)

def build():
    return nn.Sequential(QLinear(64, 128), nn.GELU(), QLinear(128, 64))

def example_input():
    return (torch.randn(3, 64),)
