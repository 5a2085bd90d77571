"""s31 (class 10): nn.Embedding(sparse=True) stepped by RMSprop

Link: https://github.com/facebookresearch/dlrm/issues/15
Numerically: RuntimeError: RMSprop does not support sparse gradients
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 's31',
 'cls': 10,
 'title': 'nn.Embedding(sparse=True) stepped by RMSprop',
 'link': 'https://github.com/facebookresearch/dlrm/issues/15',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError: RMSprop does not support sparse gradients',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.tables = nn.ModuleList([nn.EmbeddingBag(40, 8, mode="sum", sparse=True) for _ in range(2)])
        make = torch.optim.SGD if fix else torch.optim.RMSprop
        self.optimizer = make(self.parameters(), lr=0.01)

    def forward(self, ids):
        return sum(t(ids) for t in self.tables)

def probe(net):
    net(torch.tensor([[1, 2, 3]])).sum().backward()
    net.optimizer.step()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3], [4, 5, 6]]),)
