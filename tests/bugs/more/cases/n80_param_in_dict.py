"""n80 (class 8): a Parameter kept in a plain dict attribute

Link: https://github.com/pytorch/pytorch/issues/10817
Numerically: named_parameters() lists p but not d['d']
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n80',
 'cls': 8,
 'title': 'a Parameter kept in a plain dict attribute',
 'link': 'https://github.com/pytorch/pytorch/issues/10817',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': "named_parameters() lists p but not d['d']",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Bilinear(nn.Module):
    def __init__(self, fix):
        super().__init__()
        d = {"d": nn.Parameter(torch.randn(6, 6) * 0.4)}
        self.d = nn.ParameterDict(d) if fix else d
        self.p = nn.Parameter(torch.randn(6, 3) * 0.4)

    def forward(self, x):
        return x @ self.d["d"] @ self.p

def _make(fix):
    return Bilinear(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 6),)
