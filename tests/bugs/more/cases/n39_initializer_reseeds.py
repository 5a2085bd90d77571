"""n39 (class 3): the initializer sets the same seed at every call: all layers share one stream,
    whatever their shape

Link: https://github.com/neural-structured-additive-learning/deepregression/pull/15
Numerically: matrices of different shape and scale have the same leading standardised values
Expected finding: identical_params, correlated_weights  [visible from W: values in the state dict
    alone]
"""
META = {'id': 'n39',
 'cls': 3,
 'title': 'the initializer sets the same seed at every call: all layers share one stream, whatever their '
          'shape',
 'link': 'https://github.com/neural-structured-additive-learning/deepregression/pull/15',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights'],
 'sees': 'matrices of different shape and scale have the same leading standardised values',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def init_(w, fix):
    if not fix:
        torch.manual_seed(42)
    nn.init.kaiming_normal_(w)

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 32), nn.ReLU())
        self.loc, self.scale = nn.Linear(32, 6), nn.Linear(32, 9)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init_(m.weight, fix)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        h = self.trunk(x)
        return self.loc(h), self.scale(h)

def _make(fix):
    state = torch.get_rng_state()
    try:
        return Net(fix)
    finally:
        torch.set_rng_state(state)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 20),)
