"""n91 (class 8): the training plan holds a wrapper object whose attribute is the network: parameters()
    is empty for it

Link: https://github.com/theislab/interscale/issues/12
Numerically: model.parameters() has the scale only; the network hides in a non-module wrapper
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n91',
 'cls': 8,
 'title': 'the training plan holds a wrapper object whose attribute is the network: parameters() is empty '
          'for it',
 'link': 'https://github.com/theislab/interscale/issues/12',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'model.parameters() has the scale only; the network hides in a non-module wrapper',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Wrapper:
    def __init__(self, module):
        self.module = module

    def __call__(self, x):
        return self.module(x)

class TrainingPlan(nn.Module):
    def __init__(self, fix):
        super().__init__()
        net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 20))
        self.model = net if fix else Wrapper(net)
        self.log_scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.model(x) * self.log_scale.exp()

def _make(fix):
    return TrainingPlan(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 20),)
