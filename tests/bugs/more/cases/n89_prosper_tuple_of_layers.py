"""n89 (class 8): layers and start states are kept in tuples and nested lists

Link: https://github.com/Fraunhofer-IIS/prosper_nn/issues/13
Numerically: ensemble members' parameters are missing from state_dict()
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n89',
 'cls': 8,
 'title': 'layers and start states are kept in tuples and nested lists',
 'link': 'https://github.com/Fraunhofer-IIS/prosper_nn/issues/13',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': "ensemble members' parameters are missing from state_dict()",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class HCNN(nn.Module):
    def __init__(self, fix, d=10, members=2, layers=2):
        super().__init__()
        nets = tuple([nn.Linear(d, d), nn.Linear(d, d)] for _ in range(members))
        start = [nn.Parameter(torch.randn(1, d)) for _ in range(members)]
        self.nets = nn.ModuleList([nn.ModuleList(n) for n in nets]) if fix else nets
        self.start = nn.ParameterList(start) if fix else start
        self.read = nn.Linear(d, 1)

    def forward(self, x):
        out = []
        for s, n in zip(self.start, self.nets):
            h = s + x
            for l in n:
                h = torch.tanh(l(h))
            out.append(h)
        return self.read(torch.stack(out).mean(0))

def _make(fix):
    return HCNN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 10),)
