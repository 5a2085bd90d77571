"""r35 (class 6): `if "conv_list" or "header" in name` is always true: the backbone gets the heads' variance scaling

Link: https://github.com/zylo117/Yet-Another-EfficientDet-Pytorch/issues/722
Numerically: backbone.* has std 1/sqrt(fan_in) (normal) instead of kaiming uniform
Expected finding: init_not_applied, wrong_distribution, scale_too_small, scale_too_large, special_init_overwritten  [visible from S]
"""
META = {'id': 'r35',
 'cls': 6,
 'title': '`if "conv_list" or "header" in name` is always true: the backbone gets the heads\' variance '
          'scaling',
 'link': 'https://github.com/zylo117/Yet-Another-EfficientDet-Pytorch/issues/722',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied',
            'wrong_distribution',
            'scale_too_small',
            'scale_too_large',
            'special_init_overwritten'],
 'sees': 'backbone.* has std 1/sqrt(fan_in) (normal) instead of kaiming uniform',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'backbone.0.weight': ['kaiming_uniform'], 'backbone.3.weight': ['kaiming_uniform']}}

import math
import torch
from torch import nn

def _variance_scaling(w):
    fan = w[0].numel()
    return nn.init.normal_(w, 0.0, math.sqrt(1.0 / fan))

class EffDet(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, c, 3), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3), nn.BatchNorm2d(c), nn.ReLU())
        self.conv_list = nn.ModuleList([nn.Conv2d(c, c, 3, padding=1) for _ in range(2)])
        self.header = nn.Conv2d(c, 8, 1)

    def forward(self, x):
        x = self.backbone(x)
        for f in self.conv_list:
            x = torch.relu(f(x))
        return self.header(x)

def _make(fix):
    model = EffDet()
    for name, m in model.named_modules():
        if isinstance(m, nn.Conv2d):
            head = ("conv_list" in name or "header" in name) if fix else ("conv_list" or "header" in name)
            if head:
                _variance_scaling(m.weight.data)
            else:
                nn.init.kaiming_uniform_(m.weight.data)
    return model

def example_input():
    return (torch.randn(2, 3, 10, 10),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
