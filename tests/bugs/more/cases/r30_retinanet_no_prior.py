"""r30 (class 6): the last layer of the classification subnet lacks its prior: bias stays at the default instead of -log(99)

Link: https://github.com/kuangliu/pytorch-retinanet/issues/10
Numerically: cls_head.4.bias is U(+-1/sqrt(fan_in)) around 0, so that every anchor starts at
    probability one half
Expected finding: init_not_applied, special_init_overwritten, wrong_values, wrong_distribution  [visible from S]
"""
META = {'id': 'r30',
 'cls': 6,
 'title': 'the last layer of the classification subnet lacks its prior: bias stays at the default instead of '
          '-log(99)',
 'link': 'https://github.com/kuangliu/pytorch-retinanet/issues/10',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'special_init_overwritten', 'wrong_values', 'wrong_distribution'],
 'sees': 'cls_head.4.bias is U(+-1/sqrt(fan_in)) around 0, so that every anchor starts at probability one '
         'half',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'cls_head.4.bias': ['constant', -4.59511985013459]}}

import math
import torch
from torch import nn

def _head(out, c=16):
    return nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), nn.ReLU(), nn.Conv2d(c, out, 3, padding=1))

class RetinaNet(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.cls_head, self.loc_head = _head(9 * 5), _head(9 * 4)
        for m in self.modules():
            if isinstance(m, nn.Conv2d) and fix:
                nn.init.normal_(m.weight, std=0.01)
                nn.init.zeros_(m.bias)
        if fix:
            nn.init.constant_(self.cls_head[4].bias, -math.log(99))

    def forward(self, x):
        return self.loc_head(x), self.cls_head(x)

def _make(fix):
    return RetinaNet(fix)

def example_input():
    return (torch.randn(2, 16, 5, 5),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
