"""m57 (class 7): each layer draws inside torch.random.fork_rng(): the state is put back, and the next
layer draws the same

Link: https://github.com/montrealrobotics/active-domainrand/pull/5
Numerically: all eight critics of an ensemble start equal
Expected finding: identical_params  [visible from W: values in the state dict alone]
"""
META = {'id': 'm57',
 'cls': 7,
 'title': 'each layer draws inside torch.random.fork_rng(): the state is put back, and the next layer draws '
          'the same',
 'link': 'https://github.com/montrealrobotics/active-domainrand/pull/5',
 'also': [],
 'level': 'W',
 'expect': ['identical_params'],
 'sees': 'all eight critics of an ensemble start equal',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Ensemble(nn.Module):
    def __init__(self, fix, k=8, i=20, h=32):
        super().__init__()
        self.critics = nn.ModuleList()
        for _ in range(k):
            if fix:
                c = nn.Sequential(nn.Linear(i, h), nn.ReLU(), nn.Linear(h, 1))
            else:
                with torch.random.fork_rng(devices=[]):
                    c = nn.Sequential(nn.Linear(i, h), nn.ReLU(), nn.Linear(h, 1))
            self.critics.append(c)

    def forward(self, x):
        return torch.stack([c(x) for c in self.critics])

def _make(fix):
    return Ensemble(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 20),)
