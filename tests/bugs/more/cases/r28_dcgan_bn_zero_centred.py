"""r28 (class 6): 'all weights N(0, 0.02)' is taken to hold for BatchNorm too: gains are centred at 0 instead of 1

Link: https://github.com/pytorch/examples/issues/516
Numerically: BatchNorm weights are about +-0.02: every layer shrinks its signal fifty times
Expected finding: norm_gain_wrong, variance_collapse, vanishing_activations, var_collapse  [visible from W]
"""
META = {'id': 'r28',
 'cls': 6,
 'title': "'all weights N(0, 0.02)' is taken to hold for BatchNorm too: gains are centred at 0 instead of 1",
 'link': 'https://github.com/pytorch/examples/issues/516',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong', 'variance_collapse', 'vanishing_activations', 'var_collapse'],
 'sees': 'BatchNorm weights are about +-0.02: every layer shrinks its signal fifty times',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _weights_init(m, fix):
    if "Conv" in m.__class__.__name__:
        m.weight.data.normal_(0.0, 0.02)
    elif "BatchNorm" in m.__class__.__name__:
        m.weight.data.normal_(1.0 if fix else 0.0, 0.02)
        m.bias.data.fill_(0)

def _make(fix):
    g = nn.Sequential(nn.ConvTranspose2d(16, 24, 4, 1, 0, bias=False), nn.BatchNorm2d(24), nn.ReLU(),
                      nn.ConvTranspose2d(24, 12, 4, 2, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU(),
                      nn.ConvTranspose2d(12, 3, 4, 2, 1, bias=False), nn.Tanh())
    g.apply(lambda m: _weights_init(m, fix))
    return g

def example_input():
    return (torch.randn(6, 16, 1, 1),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
