"""s13 (class 4): weights_init_normal calls uniform_(0, 0.02) for linear and convolution layers

Link: https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix/issues/238
Also: https://github.com/HUSTSYJ/DA_dahazing/issues/12
Numerically: all weights positive, mean 0.01, std 0.0058 instead of 0.02
Expected finding: mean_not_zero, wrong_distribution, scale_too_small, out_of_bounds  [visible from
    S: the author's declared intention (spec)]
"""
META = {'id': 's13',
 'cls': 4,
 'title': 'weights_init_normal calls uniform_(0, 0.02) for linear and convolution layers',
 'link': 'https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix/issues/238',
 'also': ['https://github.com/HUSTSYJ/DA_dahazing/issues/12'],
 'level': 'S',
 'expect': ['mean_not_zero', 'wrong_distribution', 'scale_too_small', 'out_of_bounds'],
 'sees': 'all weights positive, mean 0.01, std 0.0058 instead of 0.02',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['normal', 0.0, 0.02],
          '2.weight': ['normal', 0.0, 0.02],
          '5.weight': ['normal', 0.0, 0.02]}}

import math
import torch
from torch import nn

def _make(fix):
    net = nn.Sequential(nn.Conv2d(3, 32, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 64, 4, 2, 1), nn.BatchNorm2d(64),
                        nn.LeakyReLU(0.2), nn.Conv2d(64, 1, 4))
    for m in net:
        if isinstance(m, nn.Conv2d):
            nn.init.normal_(m.weight, 0.0, 0.02) if fix else nn.init.uniform_(m.weight, 0.0, 0.02)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 16, 16),)
