"""s36 (class 10): entities are normalised in L2, the table has max_norm=1 with norm_type=1: the first
    lookups rewrite it

Link: https://github.com/uma-pi1/kge/pull/116
Numerically: L2-normalised rows have L1 norm about sqrt(2d/pi) = 4
Expected finding: max_norm_violated  [visible from M: the live module object (attributes, identity,
    registration)]
"""
META = {'id': 's36',
 'cls': 10,
 'title': 'entities are normalised in L2, the table has max_norm=1 with norm_type=1: the first lookups '
          'rewrite it',
 'link': 'https://github.com/uma-pi1/kge/pull/116',
 'also': [],
 'level': 'M',
 'expect': ['max_norm_violated'],
 'sees': 'L2-normalised rows have L1 norm about sqrt(2d/pi) = 4',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class TransE(nn.Module):
    def __init__(self, fix, n=40, d=25):
        super().__init__()
        self.entity = nn.Embedding(n, d, max_norm=1.0, norm_type=1.0)
        self.relation = nn.Embedding(4, d)
        for e in (self.entity, self.relation):
            nn.init.xavier_uniform_(e.weight)
        with torch.no_grad():
            self.entity.weight.copy_(nn.functional.normalize(self.entity.weight, p=1 if fix else 2) * 0.999)

    def forward(self, s, p, o):
        return -(self.entity(s) + self.relation(p) - self.entity(o)).abs().sum(-1)

def _make(fix):
    return TransE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return torch.tensor([1, 2, 3]), torch.tensor([0, 1, 2]), torch.tensor([4, 5, 6])
