"""s61 (class 10): NAdam on dense tables of users and items: momentum moves rows that no batch has used
    since

Link: https://github.com/pytorch/pytorch/issues/18404
Numerically: a row of the first batch still moves in the second
Expected finding: unseen_rows_updated  [visible from X: running the offending operation]
"""
META = {'id': 's61',
 'cls': 10,
 'title': 'NAdam on dense tables of users and items: momentum moves rows that no batch has used since',
 'link': 'https://github.com/pytorch/pytorch/issues/18404',
 'also': [],
 'level': 'X',
 'expect': ['unseen_rows_updated'],
 'sees': 'a row of the first batch still moves in the second',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.user, self.item = nn.Embedding(40, 8, sparse=fix), nn.Embedding(60, 8, sparse=fix)
        make = torch.optim.SparseAdam if fix else torch.optim.NAdam
        self.optimizer = make(list(self.parameters()), lr=0.01)

    def forward(self, u, i):
        return (self.user(u) * self.item(i)).sum(-1)

def probe(net):
    def step(u, i):
        net.optimizer.zero_grad()
        net(torch.tensor([u]), torch.tensor([i])).sum().backward()
        net.optimizer.step()
    step(3, 4)
    before = net.user.weight[3].detach().clone()
    step(5, 6)
    return (net.user.weight[3].detach() - before).abs().max().item()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])
