"""s32 (class 10): two optimizers: the dense layers go to SparseAdam and the sparse tables to Adam

Link: https://github.com/allenai/allennlp/issues/651
Numerically: RuntimeError: SparseAdam does not support dense gradients
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 's32',
 'cls': 10,
 'title': 'two optimizers: the dense layers go to SparseAdam and the sparse tables to Adam',
 'link': 'https://github.com/allenai/allennlp/issues/651',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError: SparseAdam does not support dense gradients',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.emb = nn.Embedding(50, 8, sparse=True)
        self.fc = nn.Linear(8, 2)
        sparse, dense = [self.emb.weight], list(self.fc.parameters())
        if not fix:
            sparse, dense = dense, sparse
        self.optimizers = [torch.optim.SparseAdam(sparse, lr=1e-2), torch.optim.Adam(dense, lr=1e-2)]

    def forward(self, ids):
        return self.fc(self.emb(ids).mean(1))

def probe(net):
    net(torch.tensor([[1, 2, 3]])).sum().backward()
    for o in net.optimizers:
        o.step()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3], [4, 5, 6]]),)
