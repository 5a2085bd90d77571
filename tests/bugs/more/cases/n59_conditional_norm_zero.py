"""n59 (class 6): ConditionalLayerNorm: 'weight one, bias zero' init zeroes both: x * scale(c) +
    bias(c) is always 0

Link: https://github.com/ecmwf/anemoi-core/issues/633
Numerically: the scale Linear has weight 0 and bias 0: the layer outputs exactly zero
Expected finding: dead_signal, dead_gradient, norm_gain_wrong, vanishing_activations  [visible from
    F: one forward pass / first-step gradient]
"""
META = {'id': 'n59',
 'cls': 6,
 'title': "ConditionalLayerNorm: 'weight one, bias zero' init zeroes both: x * scale(c) + bias(c) is always "
          '0',
 'link': 'https://github.com/ecmwf/anemoi-core/issues/633',
 'also': [],
 'level': 'F',
 'expect': ['dead_signal', 'dead_gradient', 'norm_gain_wrong', 'vanishing_activations'],
 'sees': 'the scale Linear has weight 0 and bias 0: the layer outputs exactly zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ConditionalLayerNorm(nn.Module):
    def __init__(self, d, cond, fix):
        super().__init__()
        self.norm = nn.LayerNorm(d, elementwise_affine=False)
        self.scale, self.bias = nn.Linear(cond, d), nn.Linear(cond, d)
        nn.init.zeros_(self.scale.weight)
        nn.init.constant_(self.scale.bias, 1.0 if fix else 0.0)
        nn.init.zeros_(self.bias.weight)
        nn.init.zeros_(self.bias.bias)

    def forward(self, x, c):
        return self.norm(x) * self.scale(c) + self.bias(c)

class Processor(nn.Module):
    def __init__(self, fix, d=32, cond=6):
        super().__init__()
        self.emb = nn.Linear(10, d)
        self.cln = ConditionalLayerNorm(d, cond, fix)
        self.mlp = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, 10))

    def forward(self, x, c):
        return self.mlp(self.cln(self.emb(x), c))

def _make(fix):
    return Processor(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 10), torch.randn(4, 6))
