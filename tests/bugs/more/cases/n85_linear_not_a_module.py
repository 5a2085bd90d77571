"""n85 (class 8): the final linear's class does not inherit from nn.Module: its parameters are not
    registered

Link: https://github.com/EleutherAI/gpt-neox/pull/267
Numerically: state_dict() lacks final_linear.*, a plain Python object that holds two Parameters
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n85',
 'cls': 8,
 'title': "the final linear's class does not inherit from nn.Module: its parameters are not registered",
 'link': 'https://github.com/EleutherAI/gpt-neox/pull/267',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'state_dict() lacks final_linear.*, a plain Python object that holds two Parameters',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class PlainLinear:
    def __init__(self, i, o):
        self.weight = nn.Parameter(torch.empty(o, i))
        self.bias = nn.Parameter(torch.zeros(o))
        nn.init.normal_(self.weight, 0, 0.02)

    def __call__(self, x):
        return F.linear(x, self.weight, self.bias)

class ModuleLinear(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(o, i))
        self.bias = nn.Parameter(torch.zeros(o))
        nn.init.normal_(self.weight, 0, 0.02)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)

class NeoX(nn.Module):
    def __init__(self, fix, v=100, d=24):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        nn.init.normal_(self.emb.weight, 0, 0.02)
        self.norm = nn.LayerNorm(d)
        self.final_linear = (ModuleLinear if fix else PlainLinear)(d, v)

    def forward(self, ids):
        return self.final_linear(self.norm(self.emb(ids)))

def _make(fix):
    return NeoX(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 100, (2, 4)),)
