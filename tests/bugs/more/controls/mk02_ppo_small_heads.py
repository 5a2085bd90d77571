"""mk02 (control): PPO: orthogonal sqrt(2) trunk, policy head with gain 0.01, value head 1

Link: https://arxiv.org/abs/2006.05990
Why it is NOT a bug: a nearly uniform first policy is intended
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk02',
 'cls': 'control',
 'title': 'PPO: orthogonal sqrt(2) trunk, policy head with gain 0.01, value head 1',
 'link': 'https://arxiv.org/abs/2006.05990',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a nearly uniform first policy is intended',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Agent(nn.Module):
    def __init__(self, obs=60, h=64, act=17):
        super().__init__()
        def layer(i, o, gain):
            m = nn.Linear(i, o)
            nn.init.orthogonal_(m.weight, gain)
            nn.init.constant_(m.bias, 0.0)
            return m
        s = math.sqrt(2)
        self.critic = nn.Sequential(layer(obs, h, s), nn.Tanh(), layer(h, h, s), nn.Tanh(), layer(h, 1, 1.0))
        self.actor_mean = nn.Sequential(layer(obs, h, s), nn.Tanh(), layer(h, h, s), nn.Tanh(), layer(h, act, 0.01))
        self.actor_logstd = nn.Parameter(torch.zeros(1, act))

    def forward(self, x):
        return self.actor_mean(x), self.critic(x)

def build():
    return Agent()

def example_input():
    return (torch.randn(16, 60),)
