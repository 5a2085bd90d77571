"""p12 (class 6): the language gate's last linear is zeroed in the constructor,
    init_weights(pretrained) draws it again

Link: https://github.com/yz93/LAVT-RIS/issues/25
Numerically: res_gate.2.weight is trunc_normal(0.02) instead of zero
Expected finding: special_init_overwritten, init_not_applied, wrong_distribution, scale_too_large
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'p12',
 'cls': 6,
 'title': "the language gate's last linear is zeroed in the constructor, init_weights(pretrained) draws it "
          'again',
 'link': 'https://github.com/yz93/LAVT-RIS/issues/25',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'wrong_distribution', 'scale_too_large'],
 'sees': 'res_gate.2.weight is trunc_normal(0.02) instead of zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.res_gate.2.weight': ['zeros']}}

import torch
from torch import nn
from torch.nn import functional as F

class Stage(nn.Module):
    def __init__(self, d=48):
        super().__init__()
        self.block = nn.Linear(d, d)
        self.res_gate = nn.Sequential(nn.Linear(d, d, bias=False), nn.ReLU(), nn.Linear(d, d, bias=False), nn.Tanh())
        nn.init.zeros_(self.res_gate[2].weight)

    def forward(self, x):
        y = F.gelu(self.block(x))
        return x + self.res_gate(y) * y

class Swin(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.stages = nn.ModuleList([Stage() for _ in range(3)])
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
        if fix:
            for s in self.stages:
                nn.init.zeros_(s.res_gate[2].weight)

    def forward(self, x):
        for s in self.stages:
            x = s(x)
        return x

def _make(fix):
    return Swin(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 48),)
