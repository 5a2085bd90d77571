"""s25 (class 9): the weights kept as numpy arrays "from before training" are views: they change with
    the training

Link: https://github.com/pytorch/pytorch/issues/97586
Numerically: the distance from the initial weights is zero for ever
Expected finding: shared_memory  [visible from M: the live module object (attributes, identity,
    registration)]
"""
META = {'id': 's25',
 'cls': 9,
 'title': 'the weights kept as numpy arrays "from before training" are views: they change with the training',
 'link': 'https://github.com/pytorch/pytorch/issues/97586',
 'also': [],
 'level': 'M',
 'expect': ['shared_memory'],
 'sees': 'the distance from the initial weights is zero for ever',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.fc = nn.Linear(16, 8)
        self.initial = [p.detach().numpy() for p in self.fc.parameters()]
        if fix:
            self.initial = [a.copy() for a in self.initial]

    def forward(self, x):
        return self.fc(x)

    def distance(self):
        return sum(float(np.square(p.detach().numpy() - a).sum()) for p, a in zip(self.fc.parameters(), self.initial))

def probe(net):
    with torch.no_grad():
        net.fc.weight.add_(1.0)
    return net.distance()

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16),)
