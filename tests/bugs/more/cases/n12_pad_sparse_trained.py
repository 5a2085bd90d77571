"""n12 (class 1): sparse=True embedding: the padding row is updated together with the rest

Link: https://github.com/pytorch/pytorch/issues/3711
Numerically: after a few steps the padding row has moved off zero
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n12',
 'cls': 1,
 'title': 'sparse=True embedding: the padding row is updated together with the rest',
 'link': 'https://github.com/pytorch/pytorch/issues/3711',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'after a few steps the padding row has moved off zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Emb(nn.Embedding):
    """As torch 0.2 had it: with sparse gradients the padding row's gradient was kept."""
    def forward(self, ids):
        return F.embedding(ids, self.weight, None, sparse=self.sparse)

def _make(fix):
    cls = nn.Embedding if fix else Emb
    net = nn.Sequential(cls(120, 20, padding_idx=0, sparse=True), nn.Flatten(), nn.Linear(120, 3))
    opt = torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(30):
        ids = torch.randint(0, 120, (16, 6))
        ids[:, 4:] = 0
        opt.zero_grad()
        nn.functional.cross_entropy(net(ids), torch.randint(0, 3, (16,))).backward()
        opt.step()
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(1, 120, (2, 6)),)
