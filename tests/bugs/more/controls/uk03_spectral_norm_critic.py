"""uk03 (control): SN-GAN: convolutions N(0, 0.02) under spectral normalisation

Link: https://arxiv.org/abs/1802.05957
Why it is NOT a bug: the forward pass divides by the largest singular value: the drawn scale does not matter
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'uk03',
 'cls': 'control',
 'title': 'SN-GAN: convolutions N(0, 0.02) under spectral normalisation',
 'link': 'https://arxiv.org/abs/1802.05957',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'the forward pass divides by the largest singular value: the drawn scale does not matter',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

def _sn(layer):
    nn.init.normal_(layer.weight, 0.0, 0.02)
    nn.init.zeros_(layer.bias)
    return spectral_norm(layer)

def build():
    return nn.Sequential(
        _sn(nn.Conv2d(3, 32, 3, padding=1)), nn.LeakyReLU(0.1), _sn(nn.Conv2d(32, 32, 4, 2, 1)), nn.LeakyReLU(0.1),
        _sn(nn.Conv2d(32, 64, 3, padding=1)), nn.LeakyReLU(0.1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), _sn(nn.Linear(64, 1)))

def example_input():
    return (torch.randn(8, 3, 16, 16),)
