"""u05 (class 5): the feature transformer is randn * bound where rand over (-bound, bound) was meant

Link: https://github.com/official-stockfish/nnue-pytorch/issues/113
Numerically: a third of the values lies beyond the bound
Expected finding: wrong_distribution, out_of_bounds, scale_too_large  [visible from S]
"""
META = {'id': 'u05',
 'cls': 5,
 'title': 'the feature transformer is randn * bound where rand over (-bound, bound) was meant',
 'link': 'https://github.com/official-stockfish/nnue-pytorch/issues/113',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'out_of_bounds', 'scale_too_large'],
 'sees': 'a third of the values lies beyond the bound',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'ft.weight': ['uniform', -0.03125, 0.03125], 'ft.bias': ['uniform', -0.03125, 0.03125]}}

import math
import torch
from torch import nn

class FeatureTransformer(nn.Module):
    """Sums the columns of the active features, like the double-sided slice of NNUE."""

    def __init__(self, fix, inputs=1024, outputs=64):
        super().__init__()
        sigma = math.sqrt(1 / inputs)
        draw = (lambda *s: torch.rand(*s) * 2 - 1) if fix else torch.randn
        self.weight = nn.Parameter(draw(inputs, outputs) * sigma)
        self.bias = nn.Parameter(draw(outputs) * sigma)

    def forward(self, active):
        return active @ self.weight + self.bias

class NNUE(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.ft = FeatureTransformer(fix)
        self.l1, self.out = nn.Linear(64, 32), nn.Linear(32, 1)

    def forward(self, active):
        return self.out(self.l1(self.ft(active).clamp(0, 1)).clamp(0, 1))

def _make(fix):
    return NNUE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return ((torch.rand(64, 1024) < 0.03).float(),)
