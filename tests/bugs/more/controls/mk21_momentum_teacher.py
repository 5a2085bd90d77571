"""mk21 (control): BYOL: the frozen target network is a deep copy of the online network

Link: https://arxiv.org/abs/2006.07733
Why it is NOT a bug: equal by design, no gradient
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk21',
 'cls': 'control',
 'title': 'BYOL: the frozen target network is a deep copy of the online network',
 'link': 'https://arxiv.org/abs/2006.07733',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'equal by design, no gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

import copy

class BYOL(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.online = nn.Sequential(nn.Linear(d, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, d))
        self.target = copy.deepcopy(self.online).requires_grad_(False)
        self.predictor = nn.Linear(d, d)

    def forward(self, x):
        return self.predictor(self.online(x)), self.target(x)

def build():
    return BYOL()

def example_input():
    return (torch.randn(16, 32),)
