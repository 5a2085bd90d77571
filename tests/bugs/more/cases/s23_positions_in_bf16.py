"""s23 (class 7): positions are counted in bfloat16: above 256 neighbours round to the same number

Link: https://github.com/nkalyanv99/UNI-D2/pull/6
Numerically: the sin-cos table of 1024 positions has equal rows in pairs and fours
Expected finding: duplicate_rows, low_resolution, buffer_precision, repeated_slices  [visible from
    W: values in the state dict alone]
"""
META = {'id': 's23',
 'cls': 7,
 'title': 'positions are counted in bfloat16: above 256 neighbours round to the same number',
 'link': 'https://github.com/nkalyanv99/UNI-D2/pull/6',
 'also': [],
 'level': 'W',
 'expect': ['duplicate_rows', 'low_resolution', 'buffer_precision', 'repeated_slices'],
 'sees': 'the sin-cos table of 1024 positions has equal rows in pairs and fours',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, n=1024, d=32):
        super().__init__()
        freq = torch.exp(-math.log(10000.0) * torch.arange(0, d, 2).float() / d)
        pos = torch.arange(n, dtype=torch.float32 if fix else torch.bfloat16).float()
        ang = pos[:, None] * freq
        self.register_buffer("pe", torch.cat([ang.sin(), ang.cos()], -1))
        self.fc = nn.Linear(d, d)

    def forward(self, x):
        return self.fc(x + self.pe[: x.shape[1]])

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 40, 32),)
