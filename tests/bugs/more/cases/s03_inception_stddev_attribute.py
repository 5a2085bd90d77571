"""s03 (class 4): stddev is set on the block, the initialisation reads it from the convolution inside:
    0.1 instead of 0.01

Link: https://github.com/pytorch/vision/issues/723
Numerically: aux.conv1.conv.weight has std 0.1 where the author set 0.01
Expected finding: scale_too_large, init_not_applied  [visible from S: the author's declared
    intention (spec)]
"""
META = {'id': 's03',
 'cls': 4,
 'title': 'stddev is set on the block, the initialisation reads it from the convolution inside: 0.1 instead '
          'of 0.01',
 'link': 'https://github.com/pytorch/vision/issues/723',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large', 'init_not_applied'],
 'sees': 'aux.conv1.conv.weight has std 0.1 where the author set 0.01',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'conv0.conv.weight': ['trunc_normal', 0.0, 0.1, -0.2, 0.2],
          'conv1.conv.weight': ['trunc_normal', 0.0, 0.01, -0.02, 0.02]}}

import math
import torch
from torch import nn

class BasicConv(nn.Module):
    def __init__(self, i, o, **kw):
        super().__init__()
        self.conv = nn.Conv2d(i, o, bias=False, **kw)
        self.bn = nn.BatchNorm2d(o)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))

class Aux(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.conv0 = BasicConv(32, 32, kernel_size=1)
        self.conv1 = BasicConv(32, 64, kernel_size=5)
        (self.conv1.conv if fix else self.conv1).stddev = 0.01
        self.fc = nn.Linear(64, 10)
        self.fc.stddev = 0.001
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                std = getattr(m, "stddev", 0.1)
                nn.init.trunc_normal_(m.weight, std=std, a=-2 * std, b=2 * std)

    def forward(self, x):
        return self.fc(self.conv1(self.conv0(x)).mean((2, 3)))

def _make(fix):
    return Aux(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 32, 7, 7),)
