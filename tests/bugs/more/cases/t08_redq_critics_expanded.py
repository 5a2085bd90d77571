"""t08 (class 3): REDQ's ensemble is one critic's weights expanded over the ensemble dimension: all critics are the same

Link: https://github.com/UoA-CARES/cares_reinforcement_learning/issues/223
Numerically: weight[i] is the same matrix for all ten critics (stride 0)
Expected finding: identical_params, repeated_slices, shared_memory, duplicate_rows  [visible from W:
    values in the state dict alone]
"""
META = {'id': 't08',
 'cls': 3,
 'title': "REDQ's ensemble is one critic's weights expanded over the ensemble dimension: all critics are the "
          'same',
 'link': 'https://github.com/UoA-CARES/cares_reinforcement_learning/issues/223',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'repeated_slices', 'shared_memory', 'duplicate_rows'],
 'sees': 'weight[i] is the same matrix for all ten critics (stride 0)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class EnsembleLinear(nn.Module):
    def __init__(self, fix, members, n_in, n_out):
        super().__init__()
        def draw():
            return torch.empty(n_in, n_out).uniform_(-1 / math.sqrt(n_in), 1 / math.sqrt(n_in))
        weight = torch.stack([draw() for _ in range(members)]) if fix else draw().expand(members, n_in, n_out)
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(torch.zeros(members, 1, n_out))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)

class Critics(nn.Module):
    def __init__(self, fix, members=10, obs=17, act=6, h=32):
        super().__init__()
        self.members = members
        self.q = nn.Sequential(EnsembleLinear(fix, members, obs + act, h), nn.ReLU(),
                               EnsembleLinear(fix, members, h, h), nn.ReLU(), EnsembleLinear(fix, members, h, 1))

    def forward(self, s, a):
        return self.q(torch.cat([s, a], -1).expand(self.members, -1, -1)).squeeze(-1)

def _make(fix):
    return Critics(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(32, 17), torch.randn(32, 6))
