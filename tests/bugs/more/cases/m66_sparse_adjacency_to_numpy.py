"""m66 (class 9): a GNN keeps its adjacency as a sparse buffer, and the export calls .numpy() on every
buffer

Link: https://github.com/pytorch/pytorch/pull/71688
Numerically: TypeError: can't convert Sparse layout tensor to numpy
Expected finding: unsupported_layout  [visible from X: running the offending operation]
"""
META = {'id': 'm66',
 'cls': 9,
 'title': 'a GNN keeps its adjacency as a sparse buffer, and the export calls .numpy() on every buffer',
 'link': 'https://github.com/pytorch/pytorch/pull/71688',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_layout'],
 'sees': "TypeError: can't convert Sparse layout tensor to numpy",
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GNN(nn.Module):
    def __init__(self, fix, n=12):
        super().__init__()
        adj = torch.eye(n)
        self.register_buffer("adj", adj if fix else adj.to_sparse())
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(self.adj @ x)

def probe(net):
    return {k: b.numpy() for k, b in net.named_buffers()}

def _make(fix):
    return GNN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(12, 4),)
