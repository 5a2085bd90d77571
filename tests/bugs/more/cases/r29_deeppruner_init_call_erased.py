"""r29 (class 6): the call of weight_init() was erased while cleaning up: one module's convolutions keep torch's default

Link: https://github.com/uber-research/DeepPruner/issues/6
Numerically: head.* is U(+-1/sqrt(fan_in)) with random biases instead of N(0, sqrt(2 / (k k out)))
    and zero
Expected finding: init_not_applied, scale_too_small, wrong_distribution  [visible from S]
"""
META = {'id': 'r29',
 'cls': 6,
 'title': "the call of weight_init() was erased while cleaning up: one module's convolutions keep torch's "
          'default',
 'link': 'https://github.com/uber-research/DeepPruner/issues/6',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'scale_too_small', 'wrong_distribution'],
 'sees': 'head.* is U(+-1/sqrt(fan_in)) with random biases instead of N(0, sqrt(2 / (k k out))) and zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'head.*.weight': ['kaiming_normal', 0, 'fan_out', 'relu'], 'head.*.bias': ['zeros']}}

import math
import torch
from torch import nn

class SubModule(nn.Module):
    def weight_init(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)

class Features(SubModule):
    def __init__(self, c=16):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(3, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), nn.ReLU())
        self.weight_init()

    def forward(self, x):
        return self.conv(x)

class DeepPruner(SubModule):
    def __init__(self, fix, c=16):
        super().__init__()
        self.features = Features(c)
        self.head = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, 4, 3, padding=1))
        if fix:
            self.weight_init()

    def forward(self, x):
        return self.head(self.features(x))

def _make(fix):
    return DeepPruner(fix)

def example_input():
    return (torch.randn(2, 3, 8, 8),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
