"""s09 (class 4): DDPG: the last layers of actor and critic keep the default instead of U(-3e-3, 3e-3)

Link: https://github.com/MrSyee/pg-is-all-you-need/pull/4
Numerically: bound 1/sqrt(128) = 0.088 instead of 0.003
Expected finding: scale_too_large, out_of_bounds, init_not_applied, wrong_distribution  [visible
    from S: the author's declared intention (spec)]
"""
META = {'id': 's09',
 'cls': 4,
 'title': 'DDPG: the last layers of actor and critic keep the default instead of U(-3e-3, 3e-3)',
 'link': 'https://github.com/MrSyee/pg-is-all-you-need/pull/4',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large', 'out_of_bounds', 'init_not_applied', 'wrong_distribution'],
 'sees': 'bound 1/sqrt(128) = 0.088 instead of 0.003',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'out.weight': ['uniform', -0.003, 0.003], 'out.bias': ['uniform', -0.003, 0.003]}}

import math
import torch
from torch import nn

class Actor(nn.Module):
    def __init__(self, fix, obs=8, d=128, act=4):
        super().__init__()
        self.hidden1, self.hidden2, self.out = nn.Linear(obs, d), nn.Linear(d, d), nn.Linear(d, act)
        if fix:
            nn.init.uniform_(self.out.weight, -3e-3, 3e-3)
            nn.init.uniform_(self.out.bias, -3e-3, 3e-3)

    def forward(self, x):
        return self.out(torch.relu(self.hidden2(torch.relu(self.hidden1(x))))).tanh()

def _make(fix):
    return Actor(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 8),)
