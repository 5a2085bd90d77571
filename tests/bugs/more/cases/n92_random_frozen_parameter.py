"""n92 (class 8): a learned view embedding is nn.Parameter(torch.randn(...), requires_grad=False): it
    is never learned

Link: https://github.com/hancyran/LiDAR-Diffusion/issues/25
Numerically: view_embedding is random and frozen
Expected finding: frozen_parameter  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n92',
 'cls': 8,
 'title': 'a learned view embedding is nn.Parameter(torch.randn(...), requires_grad=False): it is never '
          'learned',
 'link': 'https://github.com/hancyran/LiDAR-Diffusion/issues/25',
 'also': [],
 'level': 'S',
 'expect': ['frozen_parameter'],
 'sees': 'view_embedding is random and frozen',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'trainable': {'view_embedding': True}}}

import torch
from torch import nn

class CondEncoder(nn.Module):
    def __init__(self, fix, views=4, d=32):
        super().__init__()
        self.encode = nn.Linear(48, d)
        self.view_embedding = nn.Parameter(torch.randn(1, views, d) * d ** -0.5, requires_grad=fix)
        self.linear = nn.Linear(d, d)

    def forward(self, x):
        return self.linear(self.encode(x) + self.view_embedding)

def _make(fix):
    return CondEncoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 4, 48),)
