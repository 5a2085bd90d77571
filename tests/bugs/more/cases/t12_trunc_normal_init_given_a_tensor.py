"""t12 (class 6): trunc_normal_init(m.weight, std=.02): the helper wants a module, finds no .weight on a tensor and does nothing

Link: https://github.com/open-mmlab/mmdetection/pull/6432
Numerically: all linear weights keep U(-1/sqrt(d), 1/sqrt(d))
Expected finding: init_not_applied, scale_too_large, wrong_distribution  [visible from S: the
    author's declared intention (META['spec'])]
"""
META = {'id': 't12',
 'cls': 6,
 'title': 'trunc_normal_init(m.weight, std=.02): the helper wants a module, finds no .weight on a tensor and '
          'does nothing',
 'link': 'https://github.com/open-mmlab/mmdetection/pull/6432',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': 'all linear weights keep U(-1/sqrt(d), 1/sqrt(d))',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'layers.[012].fc[12].weight': ['trunc_normal', 0.0, 0.02, -2.0, 2.0]}}

import torch
from torch import nn

def trunc_normal_init(module, mean=0.0, std=1.0, bias=0.0):
    if getattr(module, "weight", None) is not None:
        nn.init.trunc_normal_(module.weight, mean, std)
    if getattr(module, "bias", None) is not None:
        nn.init.constant_(module.bias, bias)

class Block(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.fc1, self.fc2 = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)

    def forward(self, x):
        return x + self.fc2(nn.functional.gelu(self.fc1(self.norm(x))))

class PVT(nn.Module):
    def __init__(self, fix, d=64):
        super().__init__()
        self.pos = nn.Parameter(torch.zeros(1, 16, d))
        self.layers = nn.ModuleList(Block(d) for _ in range(3))
        nn.init.trunc_normal_(self.pos, 0, 0.02)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                trunc_normal_init(m if fix else m.weight, std=0.02)

    def forward(self, x):
        x = x + self.pos
        for layer in self.layers:
            x = layer(x)
        return x

def _make(fix):
    return PVT(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16, 64),)
