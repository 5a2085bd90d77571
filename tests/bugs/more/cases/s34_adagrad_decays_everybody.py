"""s34 (class 10): regularisation through weight_decay decays every entity, not only those of the batch

Link: https://github.com/uma-pi1/kge/issues/39
Numerically: rows with zero gradient move at each step of Adagrad(weight_decay=0.1)
Expected finding: unseen_rows_updated  [visible from X: running the offending operation]
"""
META = {'id': 's34',
 'cls': 10,
 'title': 'regularisation through weight_decay decays every entity, not only those of the batch',
 'link': 'https://github.com/uma-pi1/kge/issues/39',
 'also': [],
 'level': 'X',
 'expect': ['unseen_rows_updated'],
 'sees': 'rows with zero gradient move at each step of Adagrad(weight_decay=0.1)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.entity, self.relation = nn.Embedding(50, 8), nn.Embedding(5, 8)
        self.optimizer = torch.optim.Adagrad(self.parameters(), lr=0.1, weight_decay=0.0 if fix else 0.1)

    def forward(self, s, p, o):
        return (self.entity(s) * self.relation(p) * self.entity(o)).sum(-1)

def probe(net):
    before = net.entity.weight[49].detach().clone()
    net(*example_input()).sum().backward()
    net.optimizer.step()
    return (net.entity.weight[49].detach() - before).abs().max().item()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return torch.tensor([1, 2, 3]), torch.tensor([0, 1, 2]), torch.tensor([4, 5, 6])
