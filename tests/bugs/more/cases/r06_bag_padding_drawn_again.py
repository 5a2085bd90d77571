"""r06 (class 1): EmbeddingBag(padding_idx) initialised with kaiming_uniform_: the padding row is not zero any more

Link: https://github.com/pytorch/pytorch/issues/6495
Numerically: bags.*.padding_idx is the last id, and that row is noise
Expected finding: padding_row_nonzero  [visible from M]
"""
META = {'id': 'r06',
 'cls': 1,
 'title': 'EmbeddingBag(padding_idx) initialised with kaiming_uniform_: the padding row is not zero any more',
 'link': 'https://github.com/pytorch/pytorch/issues/6495',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'bags.*.padding_idx is the last id, and that row is noise',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Tower(nn.Module):
    def __init__(self, fix, sizes=(40, 25), d=12):
        super().__init__()
        self.bags = nn.ModuleDict({f"f{i}": nn.EmbeddingBag(n + 1, d, mode="sum", padding_idx=n) for i, n in enumerate(sizes)})
        for bag in self.bags.values():
            nn.init.kaiming_uniform_(bag.weight)
            if fix:
                bag.weight.data[bag.padding_idx].fill_(0.0)
        self.mlp = nn.Sequential(nn.Linear(d * len(sizes), 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, a, b):
        return self.mlp(torch.cat([self.bags["f0"](a), self.bags["f1"](b)], 1))

def _make(fix):
    return Tower(fix)

def example_input():
    return torch.tensor([[3, 7, 40], [2, 40, 40]]), torch.tensor([[1, 25], [24, 3]])

def build():
    return _make(False)

def build_fixed():
    return _make(True)
