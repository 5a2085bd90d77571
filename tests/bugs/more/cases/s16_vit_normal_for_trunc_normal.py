"""s16 (class 5): dense layers are drawn normal where the reference draws truncated normal within two
    std

Link: https://github.com/huggingface/transformers/pull/19341
Numerically: 4.6% of the weights lie beyond 0.04
Expected finding: out_of_bounds, wrong_distribution, scale_too_large, outliers  [visible from S: the
    author's declared intention (spec)]
"""
META = {'id': 's16',
 'cls': 5,
 'title': 'dense layers are drawn normal where the reference draws truncated normal within two std',
 'link': 'https://github.com/huggingface/transformers/pull/19341',
 'also': [],
 'level': 'S',
 'expect': ['out_of_bounds', 'wrong_distribution', 'scale_too_large', 'outliers'],
 'sees': '4.6% of the weights lie beyond 0.04',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.fc1.weight': ['trunc_normal', 0.0, 0.02, -0.04, 0.04],
          '*.fc2.weight': ['trunc_normal', 0.0, 0.02, -0.04, 0.04]}}

import math
import torch
from torch import nn

class Mlp(nn.Module):
    def __init__(self, fix, d=96):
        super().__init__()
        self.norm, self.fc1, self.fc2 = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        for m in (self.fc1, self.fc2):
            nn.init.zeros_(m.bias)
            if fix:
                nn.init.trunc_normal_(m.weight, 0.0, 0.02, -0.04, 0.04)
            else:
                nn.init.normal_(m.weight, 0.0, 0.02)

    def forward(self, x):
        return x + self.fc2(nn.functional.gelu(self.fc1(self.norm(x))))

def _make(fix):
    return nn.Sequential(Mlp(fix), Mlp(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 9, 96),)
