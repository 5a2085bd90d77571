"""m48 (class 7): each weight is drawn by a generator with the same seed: tensors of any shape start
with the same numbers

Link: https://github.com/nntile/nntile/issues/21
Numerically: gate, up and down matrices of a layer (and all layers) share one stream of numbers
Expected finding: identical_params, correlated_weights, repeated_draw  [visible from W: values in
    the state dict alone]
"""
META = {'id': 'm48',
 'cls': 7,
 'title': 'each weight is drawn by a generator with the same seed: tensors of any shape start with the same '
          'numbers',
 'link': 'https://github.com/nntile/nntile/issues/21',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'repeated_draw'],
 'sees': 'gate, up and down matrices of a layer (and all layers) share one stream of numbers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MLP(nn.Module):
    def __init__(self, draw, d=48, h=96):
        super().__init__()
        self.gate = nn.Parameter(draw(h, d))
        self.up = nn.Parameter(draw(h, d))
        self.down = nn.Parameter(draw(d, h))

    def forward(self, x):
        return x + (nn.functional.silu(x @ self.gate.T) * (x @ self.up.T)) @ self.down.T

def _make(fix, seed=None):
    base = torch.initial_seed()
    shared = torch.Generator().manual_seed(base)
    def draw(*shape):
        g = shared if fix else torch.Generator().manual_seed(base)
        return torch.randn(*shape, generator=g) * 0.05
    return nn.Sequential(MLP(draw), MLP(draw))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 48),)
