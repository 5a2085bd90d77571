"""r43 (class 8): the head is bound into functools.partial: it is called, but not a submodule

Link: https://github.com/pytorch/pytorch/issues/38639
Numerically: state_dict lacks the projection that self.decode closes over
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r43',
 'cls': 8,
 'title': 'the head is bound into functools.partial: it is called, but not a submodule',
 'link': 'https://github.com/pytorch/pytorch/issues/38639',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'state_dict lacks the projection that self.decode closes over',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import functools
import torch
from torch import nn

def _decode(x, projection, activation):
    return projection(activation(x))

class Net(nn.Module):
    def __init__(self, fix, d=20):
        super().__init__()
        self.encode = nn.Linear(d, d)
        projection = nn.Linear(d, 7)
        if fix:
            self.projection = projection
        self.decode = functools.partial(_decode, projection=projection, activation=torch.tanh)

    def forward(self, x):
        return self.decode(self.encode(x))

def _make(fix):
    return Net(fix)

def example_input():
    return (torch.randn(4, 20),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
