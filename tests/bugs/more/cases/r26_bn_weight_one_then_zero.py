"""r26 (class 6): copy and paste in the init loop: constant_(m.weight, 1) is followed by constant_(m.weight, 0)

Link: https://github.com/kazuto1011/deeplab-pytorch/issues/44
Numerically: all BatchNorm weights are 0: nothing passes, no layer before them learns
Expected finding: norm_gain_wrong, dead_signal, all_zero_param, dead_gradient  [visible from W]
"""
META = {'id': 'r26',
 'cls': 6,
 'title': 'copy and paste in the init loop: constant_(m.weight, 1) is followed by constant_(m.weight, 0)',
 'link': 'https://github.com/kazuto1011/deeplab-pytorch/issues/44',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong', 'dead_signal', 'all_zero_param', 'dead_gradient'],
 'sees': 'all BatchNorm weights are 0: nothing passes, no layer before them learns',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _init(model, fix):
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        elif isinstance(m, nn.BatchNorm2d):
            nn.init.constant_(m.weight, 1)
            if fix:
                nn.init.constant_(m.bias, 0)
            else:
                nn.init.constant_(m.weight, 0)

def _make(fix):
    model = nn.Sequential(nn.Conv2d(3, 12, 3, bias=False), nn.BatchNorm2d(12), nn.ReLU(),
                          nn.Conv2d(12, 12, 3, bias=False), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 5, 1))
    _init(model, fix)
    return model

def example_input():
    return (torch.randn(3, 3, 9, 9),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
