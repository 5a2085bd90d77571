"""u16 (class 9): a per-channel gamma is computed with np.sqrt and comes back as float64: every block after it is promoted

Link: https://github.com/netket/netket/pull/1218
Numerically: blocks.*.gamma is float64, all other parameters float32
Expected finding: dtype_mix, failed_forward, widened_to_float64  [visible from W]
"""
META = {'id': 'u16',
 'cls': 9,
 'title': 'a per-channel gamma is computed with np.sqrt and comes back as float64: every block after it is promoted',
 'link': 'https://github.com/netket/netket/pull/1218',
 'also': [],
 'level': 'W',
 'expect': ['dtype_mix', 'failed_forward', 'widened_to_float64'],
 'sees': 'blocks.*.gamma is float64, all other parameters float32',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, depth, fix, d=32):
        super().__init__()
        self.norm, self.mlp = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))
        gamma = torch.ones(d) / torch.from_numpy(np.sqrt(np.full(d, 2 * depth)))
        self.gamma = nn.Parameter(gamma.float() if fix else gamma)

    def forward(self, x):
        return (x + self.gamma * self.mlp(self.norm(x))).to(x.dtype)

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.blocks = nn.Sequential(*(Block(4, fix) for _ in range(4)))

    def forward(self, x):
        return self.blocks(x)

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 32),)
