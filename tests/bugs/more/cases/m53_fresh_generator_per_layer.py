"""m53 (class 7): every layer makes its own torch.Generator() and never seeds it: all use the default
seed 67280421310721

Link: https://github.com/pytorch/pytorch/issues/25071
Numerically: the four hash tables of a recommender are equal
Expected finding: identical_params  [visible from W: values in the state dict alone]
"""
META = {'id': 'm53',
 'cls': 7,
 'title': 'every layer makes its own torch.Generator() and never seeds it: all use the default seed '
          '67280421310721',
 'link': 'https://github.com/pytorch/pytorch/issues/25071',
 'also': [],
 'level': 'W',
 'expect': ['identical_params'],
 'sees': 'the four hash tables of a recommender are equal',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class HashTable(nn.Module):
    def __init__(self, generator, n=100, d=16):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n, d).normal_(0.0, 0.05, generator=generator))

    def forward(self, ids):
        return nn.functional.embedding(ids, self.weight)

class Tower(nn.Module):
    def __init__(self, fix, k=4):
        super().__init__()
        shared = torch.Generator()
        shared.manual_seed(torch.initial_seed())
        self.tables = nn.ModuleList(HashTable(shared if fix else torch.Generator()) for _ in range(k))

    def forward(self, ids):
        return torch.cat([t((ids * (i + 3)) % 100) for i, t in enumerate(self.tables)], -1)

def _make(fix):
    return Tower(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 100, (8,)),)
