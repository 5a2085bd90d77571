"""m73 (class 10): nn.Embedding(sparse=True) stepped by Adam: Adam does not support sparse gradients

Link: https://github.com/pytorch/pytorch/pull/4684
Numerically: RuntimeError at the first step
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 'm73',
 'cls': 10,
 'title': 'nn.Embedding(sparse=True) stepped by Adam: Adam does not support sparse gradients',
 'link': 'https://github.com/pytorch/pytorch/pull/4684',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError at the first step',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, n=50, d=8):
        super().__init__()
        self.user, self.item = nn.Embedding(n, d, sparse=True), nn.Embedding(n, d, sparse=True)
        self.optimizer = (torch.optim.SparseAdam if fix else torch.optim.Adam)(list(self.parameters()), lr=1e-3)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(-1)

def probe(net):
    net(torch.tensor([1]), torch.tensor([2])).sum().backward()
    net.optimizer.step()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([1, 4]), torch.tensor([2, 3]))
