"""n15 (class 2): RMSNorm.weight = nn.Parameter(torch.empty(hidden)): the gain is whatever was in
    memory

Link: https://github.com/flagos-ai/FlagPerf/pull/683
Numerically: gains between 0, 1e-41 and 1e30 where ones were meant
Expected finding: garbage_values, norm_gain_wrong, nan_inf  [visible from W: values in the state
    dict alone]
Stand-in: bytes of freed pointers and doubles read as float32
"""
META = {'id': 'n15',
 'cls': 2,
 'title': 'RMSNorm.weight = nn.Parameter(torch.empty(hidden)): the gain is whatever was in memory',
 'link': 'https://github.com/flagos-ai/FlagPerf/pull/683',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'norm_gain_wrong', 'nan_inf'],
 'sees': 'gains between 0, 1e-41 and 1e30 where ones were meant',
 'severity': 'silent',
 'stand_in': 'bytes of freed pointers and doubles read as float32',
 'spec': None}

import torch
from torch import nn

def _stale(n):
    words = torch.randint(0, 2**31 - 1, (n,), dtype=torch.int32)
    words[::3] = 0
    words[1::3] = torch.randint(20000, 30000, (len(words[1::3]),), dtype=torch.int32)     # high halves of pointers
    return words.view(torch.float32).nan_to_num(0.0, 0.0, 0.0).clone()

class RMSNorm(nn.Module):
    def __init__(self, d, fix, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d) if fix else _stale(d))
        self.eps = eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

class GLMBlock(nn.Module):
    def __init__(self, fix, d=64):
        super().__init__()
        self.input_layernorm = RMSNorm(d, fix)
        self.dense = nn.Linear(d, d)

    def forward(self, x):
        return x + self.dense(self.input_layernorm(x))

def _make(fix):
    return nn.Sequential(GLMBlock(fix), GLMBlock(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 4, 64),)
