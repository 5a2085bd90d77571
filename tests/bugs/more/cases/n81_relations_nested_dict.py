"""n81 (class 8): relational GNN: a dict of dicts of Parameters and a dict of Linears, keyed by
    relation number

Link: https://github.com/pytorch/pytorch/issues/632
Numerically: only the output layer is registered
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n81',
 'cls': 8,
 'title': 'relational GNN: a dict of dicts of Parameters and a dict of Linears, keyed by relation number',
 'link': 'https://github.com/pytorch/pytorch/issues/632',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'only the output layer is registered',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RelConv(nn.Module):
    def __init__(self, fix, d=12, rels=4):
        super().__init__()
        w = {str(r): {"w": nn.Parameter(1.0 + torch.randn(1, d)), "b": nn.Parameter(torch.zeros(1, d))} for r in range(rels)}
        lin = {str(r): nn.Linear(d, d) for r in range(rels)}
        self.waggrs = nn.ModuleDict({k: nn.ParameterDict(v) for k, v in w.items()}) if fix else w
        self.list_relations = nn.ModuleDict(lin) if fix else lin
        self.out = nn.Linear(d, 3)

    def forward(self, x, adj):
        h = 0
        for r in range(len(adj)):
            a = self.waggrs[str(r)]
            h = h + self.list_relations[str(r)](adj[r] @ (x * a["w"] + a["b"]))
        return self.out(torch.relu(h))

def _make(fix):
    return RelConv(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 12), torch.rand(4, 5, 5))
