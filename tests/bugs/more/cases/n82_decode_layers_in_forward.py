"""n82 (class 8): SETR builds its decoder convolutions inside forward, in a list: new random weights at
    every call

Link: https://github.com/gupta-abhay/setr-pytorch/issues/4
Numerically: parameters() lacks the decoder; two calls in a row give different outputs
Expected finding: unregistered, lost_registration  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'n82',
 'cls': 8,
 'title': 'SETR builds its decoder convolutions inside forward, in a list: new random weights at every call',
 'link': 'https://github.com/gupta-abhay/setr-pytorch/issues/4',
 'also': [],
 'level': 'F',
 'expect': ['unregistered', 'lost_registration'],
 'sees': 'parameters() lacks the decoder; two calls in a row give different outputs',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class SETR(nn.Module):
    def __init__(self, fix, d=16):
        super().__init__()
        self.enc = nn.Conv2d(3, d, 4, 4)
        self.fix = fix
        if fix:
            self.dec = nn.Sequential(*self._layers(d))

    @staticmethod
    def _layers(d):
        return [nn.Conv2d(d, d, 1), nn.ReLU(), nn.Conv2d(d, 5, 1), nn.Upsample(scale_factor=4)]

    def forward(self, x):
        h = self.enc(x)
        for l in (self.dec if self.fix else self._layers(h.shape[1])):
            h = l(h)
        return h

def _make(fix):
    return SETR(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 16, 16),)
