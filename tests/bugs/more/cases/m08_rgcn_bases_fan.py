"""m08 (class 4): RGCN bases (num_bases, in, out) given to xavier_uniform_: fan_in becomes in*out, the
signal dies at once

Link: https://github.com/dmlc/dgl/issues/6051
Numerically: std about 1/out of what a (in, out) matrix gets: features vanish within 3 layers
Expected finding: scale_too_small, var_collapse, vanishing_activations, vanishing_gradients
    [visible from F: one forward pass / first-step gradient]
"""
META = {'id': 'm08',
 'cls': 4,
 'title': 'RGCN bases (num_bases, in, out) given to xavier_uniform_: fan_in becomes in*out, the signal dies '
          'at once',
 'link': 'https://github.com/dmlc/dgl/issues/6051',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations', 'vanishing_gradients'],
 'sees': 'std about 1/out of what a (in, out) matrix gets: features vanish within 3 layers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RGCNLayer(nn.Module):
    def __init__(self, fix, din, dout, rels=6, bases=4, last=False):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(bases, din, dout))
        self.w_comp = nn.Parameter(torch.empty(rels, bases))
        gain = nn.init.calculate_gain("relu")
        if fix:
            for w in self.weight.data:
                nn.init.xavier_uniform_(w, gain=gain)
        else:
            nn.init.xavier_uniform_(self.weight, gain=gain)
        nn.init.normal_(self.w_comp, 0.0, bases ** -0.5)
        self.last = last

    def forward(self, x, adj):
        w = torch.einsum("rb,bio->rio", self.w_comp, self.weight)
        x = torch.einsum("rnm,mi,rio->no", adj, x, w)
        return x if self.last else torch.relu(x)

class RGCN(nn.Module):
    def __init__(self, fix, n=60, d=48):
        super().__init__()
        self.a, self.b, self.c = RGCNLayer(fix, d, d), RGCNLayer(fix, d, d), RGCNLayer(fix, d, d)
        self.out = nn.Linear(d, 4)

    def forward(self, x, adj):
        return self.out(self.c(self.b(self.a(x, adj), adj), adj))

def _make(fix):
    return RGCN(fix)

def _graph(n=60, rels=6):
    adj = (torch.rand(rels, n, n) < 0.05).float()
    return adj / adj.sum(-1, keepdim=True).clamp(min=1)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(60, 48), _graph())
