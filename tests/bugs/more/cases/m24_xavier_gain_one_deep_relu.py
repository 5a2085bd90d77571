"""m24 (class 4): a VGG without batch norm, xavier with gain 1 in front of ReLU: half of the variance
is lost at each layer

Link: https://github.com/Lasagne/Lasagne/issues/468
Numerically: std falls by sqrt(2) a layer: 2^-7 after 14
Expected finding: scale_too_small, var_collapse, vanishing_activations  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 'm24',
 'cls': 4,
 'title': 'a VGG without batch norm, xavier with gain 1 in front of ReLU: half of the variance is lost at '
          'each layer',
 'link': 'https://github.com/Lasagne/Lasagne/issues/468',
 'also': [],
 'level': 'F',
 'expect': ['scale_too_small', 'var_collapse', 'vanishing_activations'],
 'sees': 'std falls by sqrt(2) a layer: 2^-7 after 14',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, depth=14, c=24):
    layers, cin = [], 3
    for i in range(depth):
        conv = nn.Conv2d(cin, c, 3, padding=1, padding_mode="circular")
        if fix:
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        else:
            nn.init.xavier_normal_(conv.weight)
        nn.init.zeros_(conv.bias)
        layers += [conv, nn.ReLU(inplace=True)]
        cin = c
    return nn.Sequential(*layers)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 12, 12),)
