"""mk34 (control): a convolutional net with std 0.02 everywhere, batch norm after each layer

Link: https://arxiv.org/abs/1511.06434
Why it is NOT a bug: batch norm takes the scale out
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk34',
 'cls': 'control',
 'title': 'a convolutional net with std 0.02 everywhere, batch norm after each layer',
 'link': 'https://arxiv.org/abs/1511.06434',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'batch norm takes the scale out',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    layers, cin = [], 3
    for c in (32, 64, 64, 64):
        conv = nn.Conv2d(cin, c, 3, padding=1, bias=False)
        bn = nn.BatchNorm2d(c)
        nn.init.normal_(conv.weight, 0.0, 0.02)
        nn.init.normal_(bn.weight, 1.0, 0.02)
        layers += [conv, bn, nn.ReLU()]
        cin = c
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))

def example_input():
    return (torch.randn(8, 3, 12, 12),)
