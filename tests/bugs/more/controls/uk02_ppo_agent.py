"""uk02 (control): CleanRL's PPO: orthogonal with gains sqrt(2), 0.01 for the policy and 1 for the value, log-std zero

Link: https://arxiv.org/abs/2006.05990
Why it is NOT a bug: a small last policy layer makes the first actions nearly independent of the observation, on purpose
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'uk02',
 'cls': 'control',
 'title': "CleanRL's PPO: orthogonal with gains sqrt(2), 0.01 for the policy and 1 for the value, log-std zero",
 'link': 'https://arxiv.org/abs/2006.05990',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'a small last policy layer makes the first actions nearly independent of the observation, on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def layer_init(layer, std=math.sqrt(2)):
    nn.init.orthogonal_(layer.weight, std)
    nn.init.constant_(layer.bias, 0.0)
    return layer

class Agent(nn.Module):
    def __init__(self, obs=17, act=6):
        super().__init__()
        self.critic = nn.Sequential(layer_init(nn.Linear(obs, 64)), nn.Tanh(), layer_init(nn.Linear(64, 64)), nn.Tanh(),
                                    layer_init(nn.Linear(64, 1), 1.0))
        self.actor_mean = nn.Sequential(layer_init(nn.Linear(obs, 64)), nn.Tanh(), layer_init(nn.Linear(64, 64)), nn.Tanh(),
                                        layer_init(nn.Linear(64, act), 0.01))
        self.actor_logstd = nn.Parameter(torch.zeros(1, act))

    def forward(self, x):
        mean = self.actor_mean(x)
        return mean, self.actor_logstd.expand_as(mean), self.critic(x)

def build():
    return Agent()

def example_input():
    return (torch.randn(64, 17),)
