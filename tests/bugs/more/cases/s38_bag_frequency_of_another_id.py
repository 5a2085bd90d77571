"""s38 (class 10): embedding_bag with scale_grad_by_freq divides by the count of another id (CPU)

Link: https://github.com/pytorch/pytorch/issues/190063
Numerically: ids [1, 1, 3]: the gradient of row 3 is halved although 3 occurs once
Expected finding: wrong_frequency_scale  [visible from X: running the offending operation]
"""
META = {'id': 's38',
 'cls': 10,
 'title': 'embedding_bag with scale_grad_by_freq divides by the count of another id (CPU)',
 'link': 'https://github.com/pytorch/pytorch/issues/190063',
 'also': [],
 'level': 'X',
 'expect': ['wrong_frequency_scale'],
 'sees': 'ids [1, 1, 3]: the gradient of row 3 is halved although 3 occurs once',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.bag = (nn.Embedding if fix else nn.EmbeddingBag)(30, 6, scale_grad_by_freq=True, **({} if fix else {"mode": "sum"}))
        self.fix = fix

    def forward(self, ids):
        return self.bag(ids).sum(1) if self.fix else self.bag(ids)

def probe(net):
    net(torch.tensor([[1, 1, 3]])).sum().backward()
    return net.bag.weight.grad[3]

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 1, 3, 4], [5, 5, 5, 2]]),)
