"""s05 (class 4): the policy head is initialised like the trunk (orthogonal, gain sqrt(2)) instead of
    with gain 0.01

Link: https://github.com/entity-neural-network/incubator/pull/56
Numerically: orthonormal rows times 1.414 instead of 0.01: the first policy is far from uniform
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's05',
 'cls': 4,
 'title': 'the policy head is initialised like the trunk (orthogonal, gain sqrt(2)) instead of with gain '
          '0.01',
 'link': 'https://github.com/entity-neural-network/incubator/pull/56',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'orthonormal rows times 1.414 instead of 0.01: the first policy is far from uniform',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'actor.weight': ['orthogonal', 0.01], 'critic.weight': ['orthogonal', 1.0]}}

import math
import torch
from torch import nn

class Agent(nn.Module):
    def __init__(self, fix, obs=24, d=64, actions=6):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(obs, d), nn.Tanh(), nn.Linear(d, d), nn.Tanh())
        self.actor = nn.Linear(d, actions)
        self.critic = nn.Linear(d, 1)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight, math.sqrt(2))
                nn.init.zeros_(m.bias)
        if fix:
            nn.init.orthogonal_(self.actor.weight, 0.01)
            nn.init.orthogonal_(self.critic.weight, 1.0)

    def forward(self, x):
        h = self.trunk(x)
        return self.actor(h), self.critic(h)

def _make(fix):
    return Agent(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 24),)
