"""m15 (class 4): the small gain meant for the policy head is given to the value head a second time:
the policy keeps gain 1

Link: https://github.com/ToruOwO/minimal-stable-PPO/issues/3
Numerically: mu.weight keeps its default instead of orthogonal(0.01)
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm15',
 'cls': 4,
 'title': 'the small gain meant for the policy head is given to the value head a second time: the policy '
          'keeps gain 1',
 'link': 'https://github.com/ToruOwO/minimal-stable-PPO/issues/3',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'mu.weight keeps its default instead of orthogonal(0.01)',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'mu.weight': ['orthogonal', 0.01]}}

import math

import torch
from torch import nn

class ActorCritic(nn.Module):
    def __init__(self, fix, obs=48, h=128, act=12):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(obs, h), nn.ELU(), nn.Linear(h, h), nn.ELU())
        self.value, self.mu = nn.Linear(h, 1), nn.Linear(h, act)
        self.sigma = nn.Parameter(torch.zeros(act))
        for m in self.mlp:
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight, gain=math.sqrt(2))
                nn.init.zeros_(m.bias)
        nn.init.orthogonal_(self.value.weight, gain=1.0)
        nn.init.orthogonal_((self.mu if fix else self.value).weight, gain=0.01)

    def forward(self, x):
        h = self.mlp(x)
        return self.mu(h), self.value(h)

def _make(fix):
    return ActorCritic(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(16, 48),)
