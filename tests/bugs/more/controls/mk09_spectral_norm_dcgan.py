"""mk09 (control): DCGAN discriminator: normal(0, 0.02) under spectral_norm

Link: https://arxiv.org/abs/1802.05957
Why it is NOT a bug: the norm divides the scale out
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk09',
 'cls': 'control',
 'title': 'DCGAN discriminator: normal(0, 0.02) under spectral_norm',
 'link': 'https://arxiv.org/abs/1802.05957',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the norm divides the scale out',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    sn = nn.utils.parametrizations.spectral_norm
    layers, cin = [], 3
    for c in (32, 64, 128):
        conv = nn.Conv2d(cin, c, 4, 2, 1)
        nn.init.normal_(conv.weight, 0.0, 0.02)
        nn.init.zeros_(conv.bias)
        layers += [sn(conv), nn.LeakyReLU(0.2)]
        cin = c
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 16, 1))

def example_input():
    return (torch.randn(4, 3, 32, 32),)
