"""m69 (class 9): source and target tables are two Parameters over one numpy array: training one
changes the other

Link: https://github.com/pytorch/pytorch/pull/51870
Numerically: two parameters, one memory, neither tied nor copied
Expected finding: shared_memory, identical_params  [visible from M: the live module object]
"""
META = {'id': 'm69',
 'cls': 9,
 'title': 'source and target tables are two Parameters over one numpy array: training one changes the other',
 'link': 'https://github.com/pytorch/pytorch/pull/51870',
 'also': [],
 'level': 'M',
 'expect': ['shared_memory', 'identical_params'],
 'sees': 'two parameters, one memory, neither tied nor copied',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Siamese(nn.Module):
    def __init__(self, fix, n=30, d=12):
        super().__init__()
        vectors = torch.randn(n, d).numpy()
        t = torch.from_numpy
        self.query = nn.Embedding.from_pretrained(t(vectors.copy() if fix else vectors), freeze=False)
        self.doc = nn.Embedding.from_pretrained(t(vectors[::1].copy() * (-1) if fix else vectors), freeze=False)

    def forward(self, q, d):
        return (self.query(q) * self.doc(d)).sum(-1)

def _make(fix):
    return Siamese(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([1, 2]), torch.tensor([3, 4]))
