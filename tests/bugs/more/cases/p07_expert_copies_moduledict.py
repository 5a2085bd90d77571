"""p07 (class 3): clones() without the later xavier loop: encoder layers start equal

Link: https://github.com/harvardnlp/annotated-transformer/issues/9
Numerically: all layers hold the same matrices
Expected finding: identical_params  [visible from W: values in the state dict alone]
"""
META = {'id': 'p07',
 'cls': 3,
 'title': 'clones() without the later xavier loop: encoder layers start equal',
 'link': 'https://github.com/harvardnlp/annotated-transformer/issues/9',
 'also': [],
 'level': 'W',
 'expect': ['identical_params'],
 'sees': 'all layers hold the same matrices',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def clones(m, n):
    return nn.ModuleList([copy.deepcopy(m) for _ in range(n)])

class SubLayer(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.linears = clones(nn.Linear(d, d), 4)
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        q, k, v = (l(x) for l in self.linears[:3])
        return self.norm(x + self.linears[3]((q @ k.transpose(1, 2) / 6).softmax(-1) @ v))

class Enc(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.layers = clones(SubLayer(), 2)
        if fix:
            for p in self.parameters():
                if p.dim() > 1:
                    nn.init.xavier_uniform_(p)
                elif p.shape == (32,):
                    pass
            for m in self.modules():
                if isinstance(m, nn.Linear):
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        for l in self.layers:
            x = l(x)
        return x

def _make(fix):
    return Enc(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 32),)
