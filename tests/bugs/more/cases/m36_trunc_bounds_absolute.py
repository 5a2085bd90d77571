"""m36 (class 5): trunc_normal_(std=0.02) with the default a=-2, b=2: bounds are absolute, so nothing
is truncated

Link: https://github.com/foundation-model-stack/foundation-model-stack/issues/289
Numerically: values reach 4.5 std although +-2 std was meant
Expected finding: out_of_bounds, wrong_distribution  [visible from S: the author's declared
    intention (spec)]
"""
META = {'id': 'm36',
 'cls': 5,
 'title': 'trunc_normal_(std=0.02) with the default a=-2, b=2: bounds are absolute, so nothing is truncated',
 'link': 'https://github.com/foundation-model-stack/foundation-model-stack/issues/289',
 'also': [],
 'level': 'S',
 'expect': ['out_of_bounds', 'wrong_distribution'],
 'sees': 'values reach 4.5 std although +-2 std was meant',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.w?.weight': ['trunc_normal', 0.0, 0.02, -0.04, 0.04]}}

import torch
from torch import nn

class FeedForward(nn.Module):
    def __init__(self, fix, d=96):
        super().__init__()
        self.w1, self.w2 = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        for m in (self.w1, self.w2):
            bounds = dict(a=-0.04, b=0.04) if fix else {}
            nn.init.trunc_normal_(m.weight, mean=0.0, std=0.02, **bounds)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return x + self.w2(nn.functional.silu(self.w1(x)))

def _make(fix):
    return nn.Sequential(FeedForward(fix), FeedForward(fix))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 96),)
