"""n42 (class 3): update_networks(tau=1.0) still uses self.tau: targets start 0.5% online, 99.5% their
    own noise

Link: https://github.com/mimoralea/gdrl/pull/14
Numerically: target_value_model is 0.995 of a fresh draw plus 0.005 of the online model
Expected finding: replica_mismatch  [visible from M: the live module object]
"""
META = {'id': 'n42',
 'cls': 3,
 'title': 'update_networks(tau=1.0) still uses self.tau: targets start 0.5% online, 99.5% their own noise',
 'link': 'https://github.com/mimoralea/gdrl/pull/14',
 'also': [],
 'level': 'M',
 'expect': ['replica_mismatch'],
 'sees': 'target_value_model is 0.995 of a fresh draw plus 0.005 of the online model',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def fc():
    return nn.Sequential(nn.Linear(8, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 1))

class DDPG(nn.Module):
    def __init__(self, fix, tau=0.005):
        super().__init__()
        self.online_value_model, self.target_value_model = fc(), fc()
        t = 1.0 if fix else tau
        for a, b in zip(self.target_value_model.parameters(), self.online_value_model.parameters()):
            a.data.copy_((1 - t) * a.data + t * b.data)
            a.requires_grad_(False)

    def forward(self, x):
        return self.online_value_model(x), self.target_value_model(x)

def _make(fix):
    return DDPG(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(5, 8),)
