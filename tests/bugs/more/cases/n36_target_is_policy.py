"""n36 (class 3): policy_net = model.to(device); target_net = model.to(device): the target is the
    policy itself

Link: https://github.com/datawhalechina/easy-rl/issues/140
Numerically: target_net is policy_net: the bootstrap target moves with every step
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n36',
 'cls': 3,
 'title': 'policy_net = model.to(device); target_net = model.to(device): the target is the policy itself',
 'link': 'https://github.com/datawhalechina/easy-rl/issues/140',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'target_net is policy_net: the bootstrap target moves with every step',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

class Dueling(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Sequential(nn.Linear(4, 32), nn.ReLU())
        self.value, self.advantage = nn.Linear(32, 1), nn.Linear(32, 2)

    def forward(self, x):
        h = self.hidden(x)
        a = self.advantage(h)
        return self.value(h) + a - a.mean(1, keepdim=True)

class Agent(nn.Module):
    def __init__(self, model, fix):
        super().__init__()
        self.policy_net = model.to("cpu")
        self.target_net = copy.deepcopy(model).to("cpu") if fix else model.to("cpu")

    def forward(self, s, s2):
        with torch.no_grad():
            y = self.target_net(s2).max(1).values
        return self.policy_net(s).max(1).values - 0.99 * y

def _make(fix):
    return Agent(Dueling(), fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 4), torch.randn(5, 4))
