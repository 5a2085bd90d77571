"""q05 (control): hard-updated targets: equal copies of actor and critics, frozen

Link: https://github.com/rail-berkeley/softlearning/issues/18
Why it is NOT a bug: targets equal their online networks; the two critics differ
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q05',
 'cls': 'control',
 'title': 'hard-updated targets: equal copies of actor and critics, frozen',
 'link': 'https://github.com/rail-berkeley/softlearning/issues/18',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'targets equal their online networks; the two critics differ',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def mlp(i, o):
    return nn.Sequential(nn.Linear(i, 40), nn.ReLU(), nn.Linear(40, o))

class TD3(nn.Module):
    def __init__(self):
        super().__init__()
        self.actor = mlp(6, 2)
        self.critic_1, self.critic_2 = mlp(8, 1), mlp(8, 1)
        self.actor_target = copy.deepcopy(self.actor).requires_grad_(False)
        self.critic_1_target = copy.deepcopy(self.critic_1).requires_grad_(False)
        self.critic_2_target = copy.deepcopy(self.critic_2).requires_grad_(False)

    def forward(self, s):
        sa = torch.cat([s, torch.tanh(self.actor(s))], -1)
        return self.critic_1(sa), self.critic_2(sa)

def build():
    return TD3()

def example_input():
    return (torch.randn(5, 6),)
