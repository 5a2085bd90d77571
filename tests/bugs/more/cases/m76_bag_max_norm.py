"""m76 (class 10): EmbeddingBag(max_norm=1) on the default N(0, 1): the first lookup rewrites the
weights that were just loaded

Link: https://github.com/pytorch/pytorch/issues/7947
Numerically: row norms sqrt(32) = 5.7 against 1
Expected finding: max_norm_violated  [visible from M: the live module object]
"""
META = {'id': 'm76',
 'cls': 10,
 'title': 'EmbeddingBag(max_norm=1) on the default N(0, 1): the first lookup rewrites the weights that were '
          'just loaded',
 'link': 'https://github.com/pytorch/pytorch/issues/7947',
 'also': [],
 'level': 'M',
 'expect': ['max_norm_violated'],
 'sees': 'row norms sqrt(32) = 5.7 against 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Bag(nn.Module):
    def __init__(self, fix, n=70, d=32):
        super().__init__()
        self.bag = nn.EmbeddingBag(n, d, max_norm=1.0, mode="sum")
        self.fc = nn.Linear(d, 3)
        if fix:
            with torch.no_grad():
                self.bag.weight.div_(self.bag.weight.norm(dim=1, keepdim=True) * 1.05)

    def forward(self, ids):
        return self.fc(self.bag(ids))

def _make(fix):
    return Bag(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 70, (4, 5)),)
