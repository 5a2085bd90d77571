"""m27 (class 4): 24 residual blocks without normalization, He init and no scale on the branch: the
variance doubles at each

Link: https://github.com/lightvector/KataGo/issues/843
Numerically: 2^24 in variance, 4096 in std
Expected finding: exploding_activations, scale_too_large, exploding_gradients  [visible from F: one
    forward pass / first-step gradient]
"""
META = {'id': 'm27',
 'cls': 4,
 'title': '24 residual blocks without normalization, He init and no scale on the branch: the variance '
          'doubles at each',
 'link': 'https://github.com/lightvector/KataGo/issues/843',
 'also': [],
 'level': 'F',
 'expect': ['exploding_activations', 'scale_too_large', 'exploding_gradients'],
 'sees': '2^24 in variance, 4096 in std',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, fix, c, n):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, padding_mode="circular", bias=False)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, padding_mode="circular", bias=False)
        nn.init.kaiming_normal_(self.c1.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.c2.weight, nonlinearity="linear")
        if fix:
            with torch.no_grad():
                self.c1.weight.mul_(n ** -0.5)

    def forward(self, x):
        return x + self.c2(torch.relu(self.c1(x))) * 1.4

def _make(fix, n=24, c=16):
    return nn.Sequential(nn.Conv2d(4, c, 1), *[Block(fix, c, n) for _ in range(n)])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 4, 9, 9),)
