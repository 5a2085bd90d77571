"""m13 (class 4): the residual scaling counts the layers of one pipeline stage, not of the whole model

Link: https://github.com/PaddlePaddle/PaddleFleet/pull/991
Numerically: 0.02/sqrt(2*4) instead of 0.02/sqrt(2*16)
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm13',
 'cls': 4,
 'title': 'the residual scaling counts the layers of one pipeline stage, not of the whole model',
 'link': 'https://github.com/PaddlePaddle/PaddleFleet/pull/991',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': '0.02/sqrt(2*4) instead of 0.02/sqrt(2*16)',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'layers.*.dense_4h_to_h.weight': ['normal', 0.0, 0.0035355339059327372]}}

import math

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, d, std_out):
        super().__init__()
        self.input_layernorm = nn.LayerNorm(d)
        self.dense_h_to_4h = nn.Linear(d, 4 * d)
        self.dense_4h_to_h = nn.Linear(4 * d, d)
        nn.init.normal_(self.dense_h_to_4h.weight, 0.0, 0.02)
        nn.init.normal_(self.dense_4h_to_h.weight, 0.0, std_out)
        nn.init.zeros_(self.dense_h_to_4h.bias)
        nn.init.zeros_(self.dense_4h_to_h.bias)

    def forward(self, x):
        return x + self.dense_4h_to_h(nn.functional.gelu(self.dense_h_to_4h(self.input_layernorm(x))))

class Stage(nn.Module):
    def __init__(self, fix, total=16, local=4, d=64):
        super().__init__()
        std = 0.02 / math.sqrt(2 * (total if fix else local))
        self.layers = nn.ModuleList(Block(d, std) for _ in range(local))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

def _make(fix):
    return Stage(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 7, 64),)
