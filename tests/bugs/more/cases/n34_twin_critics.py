"""n34 (class 3): SAC: both critics of the pair start from the same parameters: min(Q1, Q2) does
    nothing

Link: https://github.com/EdanToledo/Stoix/issues/72
Numerically: critic.q1.* equals critic.q2.* bit for bit; the frozen targets legitimately equal their
    critics
Expected finding: identical_params  [visible from W: values in the state dict alone]
"""
META = {'id': 'n34',
 'cls': 3,
 'title': 'SAC: both critics of the pair start from the same parameters: min(Q1, Q2) does nothing',
 'link': 'https://github.com/EdanToledo/Stoix/issues/72',
 'also': [],
 'level': 'W',
 'expect': ['identical_params'],
 'sees': 'critic.q1.* equals critic.q2.* bit for bit; the frozen targets legitimately equal their critics',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def q_net():
    return nn.Sequential(nn.Linear(14, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))

class DoubleQ(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.q1 = q_net()
        self.q2 = q_net() if fix else copy.deepcopy(self.q1)

    def forward(self, s, a):
        x = torch.cat([s, a], -1)
        return self.q1(x), self.q2(x)

class SAC(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.actor = nn.Sequential(nn.Linear(10, 48), nn.ReLU(), nn.Linear(48, 8))
        self.critic = DoubleQ(fix)
        self.critic_target = copy.deepcopy(self.critic).requires_grad_(False)

    def forward(self, s):
        mean, _ = self.actor(s).chunk(2, -1)
        return self.critic(s, torch.tanh(mean))

def _make(fix):
    return SAC(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(6, 10),)
