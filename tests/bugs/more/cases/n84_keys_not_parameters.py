"""n84 (class 8): memory keys and values are torch.randn attributes, not Parameters

Link: https://github.com/SimonThomine/RememberingNormality/issues/7
Numerically: keys and values are plain tensors: random, never trained, never saved
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n84',
 'cls': 8,
 'title': 'memory keys and values are torch.randn attributes, not Parameters',
 'link': 'https://github.com/SimonThomine/RememberingNormality/issues/7',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'keys and values are plain tensors: random, never trained, never saved',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Memory(nn.Module):
    def __init__(self, fix, L=50, c=16):
        super().__init__()
        keys, values = torch.randn(L, c), torch.randn(L, c)
        self.keys = nn.Parameter(keys) if fix else keys
        self.values = nn.Parameter(values) if fix else values
        self.q = nn.Conv2d(c, c, 1)

    def forward(self, x):
        q = self.q(x).flatten(2).transpose(1, 2)
        return (q @ self.keys.T / 4).softmax(-1) @ self.values

def _make(fix):
    return Memory(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16, 5, 5),)
