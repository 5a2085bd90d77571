"""n46 (class 3): act_dict holds activation instances: every PReLU in the network is one object with
    one parameter

Link: https://github.com/pyg-team/pytorch_geometric/pull/4978
Numerically: the same nn.PReLU sits in all layers, its slope is one shared parameter
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n46',
 'cls': 3,
 'title': 'act_dict holds activation instances: every PReLU in the network is one object with one parameter',
 'link': 'https://github.com/pyg-team/pytorch_geometric/pull/4978',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'the same nn.PReLU sits in all layers, its slope is one shared parameter',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GNN(nn.Module):
    def __init__(self, fix, d=24, n=3):
        super().__init__()
        act_dict = {"relu": nn.ReLU(), "prelu": nn.PReLU()}
        self.pre = nn.Linear(8, d)
        self.mp = nn.ModuleList([nn.ModuleDict({"lin": nn.Linear(d, d), "act": nn.PReLU() if fix else act_dict["prelu"]}) for _ in range(n)])
        self.post = nn.Linear(d, 2)

    def forward(self, x, adj):
        x = self.pre(x)
        for m in self.mp:
            x = m["act"](m["lin"](adj @ x))
        return self.post(x)

def _make(fix):
    return GNN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(6, 8), torch.eye(6))
