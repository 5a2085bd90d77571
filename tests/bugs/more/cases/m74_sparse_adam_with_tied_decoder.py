"""m74 (class 10): SparseAdam with shared decoder embeddings: the projection makes the gradient dense

Link: https://github.com/OpenNMT/OpenNMT-py/issues/1015
Numerically: RuntimeError: SparseAdam does not support dense gradients
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 'm74',
 'cls': 10,
 'title': 'SparseAdam with shared decoder embeddings: the projection makes the gradient dense',
 'link': 'https://github.com/OpenNMT/OpenNMT-py/issues/1015',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError: SparseAdam does not support dense gradients',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Decoder(nn.Module):
    def __init__(self, fix, n=60, d=16):
        super().__init__()
        self.emb = nn.Embedding(n, d, sparse=not fix)
        nn.init.normal_(self.emb.weight, 0.0, 0.05)
        opt = torch.optim.SGD if fix else torch.optim.SparseAdam
        self.optimizer = opt(list(self.parameters()), lr=1e-3)

    def forward(self, ids):
        return self.emb(ids) @ self.emb.weight.T

def probe(net):
    net(torch.tensor([1, 2])).sum().backward()
    net.optimizer.step()

def _make(fix):
    return Decoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3]]),)
