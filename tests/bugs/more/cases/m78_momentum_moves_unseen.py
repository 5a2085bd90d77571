"""m78 (class 10): SGD with momentum on a dense embedding: rows move in steps that did not use them

Link: https://github.com/pytorch/pytorch/issues/18404
Numerically: users who are not in the batch drift
Expected finding: unseen_rows_updated  [visible from X: running the offending operation]
"""
META = {'id': 'm78',
 'cls': 10,
 'title': 'SGD with momentum on a dense embedding: rows move in steps that did not use them',
 'link': 'https://github.com/pytorch/pytorch/issues/18404',
 'also': [],
 'level': 'X',
 'expect': ['unseen_rows_updated'],
 'sees': 'users who are not in the batch drift',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MF(nn.Module):
    def __init__(self, fix, n=50, d=8):
        super().__init__()
        self.users, self.items = nn.Embedding(n, d), nn.Embedding(n, d)
        for m in (self.users, self.items):
            nn.init.normal_(m.weight, 0.0, 0.1)
        self.optimizer = torch.optim.SGD(self.parameters(), lr=0.1, momentum=0.0 if fix else 0.9)

    def forward(self, u, i):
        return (self.users(u) * self.items(i)).sum(-1)

def _make(fix):
    return MF(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([1, 4]), torch.tensor([2, 3]))
