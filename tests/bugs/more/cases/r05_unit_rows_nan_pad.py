"""r05 (class 1): all rows of the table are divided by their norm: the zero padding row becomes 0/0

Link: https://github.com/huggingface/sentence-transformers/issues/625
Numerically: entity.weight[0] is NaN, every other row has length 1
Expected finding: nan_inf, padding_row_nonzero  [visible from W]
"""
META = {'id': 'r05',
 'cls': 1,
 'title': 'all rows of the table are divided by their norm: the zero padding row becomes 0/0',
 'link': 'https://github.com/huggingface/sentence-transformers/issues/625',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'padding_row_nonzero'],
 'sees': 'entity.weight[0] is NaN, every other row has length 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class TransE(nn.Module):
    def __init__(self, fix, entities=70, relations=12, d=16):
        super().__init__()
        self.entity = nn.Embedding(entities, d, padding_idx=0)
        self.relation = nn.Embedding(relations, d)
        bound = 6 / d ** 0.5
        nn.init.uniform_(self.relation.weight, -bound, bound)
        with torch.no_grad():
            self.entity.weight[1:].uniform_(-bound, bound)
            if fix:
                self.entity.weight.copy_(nn.functional.normalize(self.entity.weight, dim=1))
            else:
                self.entity.weight.div_(self.entity.weight.norm(dim=1, keepdim=True))

    def forward(self, h, r, t):
        return (self.entity(h) + self.relation(r) - self.entity(t)).norm(dim=-1)

def _make(fix):
    return TransE(fix)

def example_input():
    return torch.randint(1, 70, (8,)), torch.randint(0, 12, (8,)), torch.randint(1, 70, (8,))

def build():
    return _make(False)

def build_fixed():
    return _make(True)
