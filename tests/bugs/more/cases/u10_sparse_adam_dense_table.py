"""u10 (class 10): SparseAdam over a table that was built without sparse=True: its gradient is dense

Link: https://github.com/huggingface/transformers/issues/30276
Numerically: RuntimeError at step(): SparseAdam does not support dense gradients, please consider Adam instead
Expected finding: sparse_optimizer  [visible from X]
"""
META = {'id': 'u10',
 'cls': 10,
 'title': 'SparseAdam over a table that was built without sparse=True: its gradient is dense',
 'link': 'https://github.com/huggingface/transformers/issues/30276',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError at step(): SparseAdam does not support dense gradients, please consider Adam instead',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Node2Vec(nn.Module):
    def __init__(self, fix, nodes=60, d=16):
        super().__init__()
        self.embedding = nn.Embedding(nodes, d, sparse=fix)
        self.optimizer = torch.optim.SparseAdam(list(self.parameters()), lr=0.01)

    def forward(self, start, rest):
        return (self.embedding(start).unsqueeze(1) * self.embedding(rest)).sum(-1)

def probe(net):
    torch.sigmoid(net(*example_input())).log().neg().mean().backward()
    net.optimizer.step()

def _make(fix):
    return Node2Vec(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([1, 2]), torch.tensor([[3, 4], [5, 6]]))
