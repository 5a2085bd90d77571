"""m06 (class 4): Glorot limit of a convolution from the sum of its dimensions: the kernel size is
added, not multiplied

Link: https://github.com/clab/dynet/issues/659
Numerically: sqrt(6/(64+64+3+3)) instead of sqrt(6/(9*128)): 2.9x too large a layer
Expected finding: scale_too_large, exploding_activations  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 'm06',
 'cls': 4,
 'title': 'Glorot limit of a convolution from the sum of its dimensions: the kernel size is added, not '
          'multiplied',
 'link': 'https://github.com/clab/dynet/issues/659',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_large', 'exploding_activations'],
 'sees': 'sqrt(6/(64+64+3+3)) instead of sqrt(6/(9*128)): 2.9x too large a layer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

def _glorot(w, fix):
    dims = (w.shape[0] + w.shape[1]) * w[0, 0].numel() if fix else sum(w.shape)
    limit = math.sqrt(6.0 / dims)
    nn.init.uniform_(w, -limit, limit)

def _make(fix, c=64, depth=6):
    layers = [nn.Conv1d(40, c, 5, padding=2)]
    for _ in range(depth):
        layers += [nn.ReLU(), nn.Conv1d(c, c, 5, padding=2)]
    for m in layers:
        if isinstance(m, nn.Conv1d):
            _glorot(m.weight, fix)
            with torch.no_grad():
                m.weight.mul_(math.sqrt(2.0))
            nn.init.zeros_(m.bias)
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 40, 50),)
