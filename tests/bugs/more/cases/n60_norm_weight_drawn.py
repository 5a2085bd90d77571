"""n60 (class 6): for p in parameters(): normal_(p, 0, 0.02) also draws the RMSNorm weights

Link: https://github.com/xiaomi-mlab/Orion/issues/58
Numerically: norm gains are N(0, 0.02) instead of 1
Expected finding: norm_gain_wrong  [visible from W: values in the state dict alone]
"""
META = {'id': 'n60',
 'cls': 6,
 'title': 'for p in parameters(): normal_(p, 0, 0.02) also draws the RMSNorm weights',
 'link': 'https://github.com/xiaomi-mlab/Orion/issues/58',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong'],
 'sees': 'norm gains are N(0, 0.02) instead of 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Qwen(nn.Module):
    def __init__(self, fix, d=64):
        super().__init__()
        self.norm = nn.RMSNorm(d)
        self.attn = nn.Linear(d, d)
        self.final = nn.LayerNorm(d)
        for n, p in self.named_parameters():
            if fix and ("norm" in n or "final" in n):
                continue
            nn.init.zeros_(p) if n.endswith("bias") else nn.init.normal_(p, 0.0, 0.02)

    def forward(self, x):
        return self.final(x + self.attn(self.norm(x)))

def _make(fix):
    return Qwen(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 64),)
