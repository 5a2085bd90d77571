"""s48 (class 4): muP init divides the drawn weights by the width multiplier instead of by its square
    root

Link: https://github.com/EleutherAI/gpt-neox/pull/1087
Numerically: width multiplier 4: std 0.02/4 instead of 0.02/2
Expected finding: scale_too_small  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's48',
 'cls': 4,
 'title': 'muP init divides the drawn weights by the width multiplier instead of by its square root',
 'link': 'https://github.com/EleutherAI/gpt-neox/pull/1087',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small'],
 'sees': 'width multiplier 4: std 0.02/4 instead of 0.02/2',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.up.weight': ['normal', 0.0, 0.01], '*.down.weight': ['normal', 0.0, 0.01]}}

import math
import torch
from torch import nn

class Mlp(nn.Module):
    def __init__(self, fix, d=64, m=4):
        super().__init__()
        self.norm, self.up, self.down = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        for lin in (self.up, self.down):
            nn.init.normal_(lin.weight, 0.0, 0.02)
            nn.init.zeros_(lin.bias)
            with torch.no_grad():
                lin.weight.div_(math.sqrt(m) if fix else m)

    def forward(self, x):
        return x + self.down(nn.functional.gelu(self.up(self.norm(x))))

def _make(fix):
    return nn.Sequential(Mlp(fix), Mlp(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 7, 64),)
