"""m07 (class 4): an attention kernel (d, heads, head_dim) is taken for a convolution: fans are
multiplied by head_dim

Link: https://github.com/keras-team/keras/pull/22789
Numerically: std sqrt(2/(d*hd + h*hd)) instead of sqrt(2/(d + h*hd)): 4.9x too small
Expected finding: scale_too_small, var_collapse, vanishing_activations, lost_signal  [visible from
    F: one forward pass / first-step gradient]
"""
META = {'id': 'm07',
 'cls': 4,
 'title': 'an attention kernel (d, heads, head_dim) is taken for a convolution: fans are multiplied by '
          'head_dim',
 'link': 'https://github.com/keras-team/keras/pull/22789',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations', 'lost_signal'],
 'sees': 'std sqrt(2/(d*hd + h*hd)) instead of sqrt(2/(d + h*hd)): 4.9x too small',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class EinsumDense(nn.Module):
    def __init__(self, fix, d, h, k):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(d, h, k))
        with torch.no_grad():
            nn.init.xavier_uniform_(self.kernel.view(d, h * k) if fix else self.kernel)

    def forward(self, x):
        return torch.einsum("bld,dhk->blhk", x, self.kernel).flatten(2)

def _make(fix, d=192, h=6, depth=4):
    layers = []
    for _ in range(depth):
        layers += [EinsumDense(fix, d, h, d // h), nn.Tanh()]
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 10, 192),)
