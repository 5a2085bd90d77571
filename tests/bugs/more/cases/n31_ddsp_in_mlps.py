"""n31 (class 3): [mlp(1, hidden, 3)] * 2: the pitch and the loudness encoder are the same network

Link: https://github.com/acids-ircam/ddsp_pytorch/issues/37
Numerically: in_mlps.0 is in_mlps.1
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n31',
 'cls': 3,
 'title': '[mlp(1, hidden, 3)] * 2: the pitch and the loudness encoder are the same network',
 'link': 'https://github.com/acids-ircam/ddsp_pytorch/issues/37',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'in_mlps.0 is in_mlps.1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def mlp(i, h, n):
    sizes = [i] + n * [h]
    net = []
    for a, b in zip(sizes, sizes[1:]):
        net += [nn.Linear(a, b), nn.LayerNorm(b), nn.LeakyReLU()]
    return nn.Sequential(*net)

class DDSP(nn.Module):
    def __init__(self, fix, h=32):
        super().__init__()
        self.in_mlps = nn.ModuleList([mlp(1, h, 3), mlp(1, h, 3)] if fix else [mlp(1, h, 3)] * 2)
        self.gru = nn.GRU(2 * h, h, batch_first=True)
        self.proj = nn.Linear(h, 40)

    def forward(self, pitch, loudness):
        x, _ = self.gru(torch.cat([self.in_mlps[0](pitch), self.in_mlps[1](loudness)], -1))
        return self.proj(x)

def _make(fix):
    return DDSP(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(2, 10, 1), torch.rand(2, 10, 1))
