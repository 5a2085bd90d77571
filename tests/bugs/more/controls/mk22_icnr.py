"""mk22 (control): ICNR: sub-kernels of a pixel-shuffle convolution are equal in groups of four

Link: https://arxiv.org/abs/1707.02937
Why it is NOT a bug: avoids checkerboards
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk22',
 'cls': 'control',
 'title': 'ICNR: sub-kernels of a pixel-shuffle convolution are equal in groups of four',
 'link': 'https://arxiv.org/abs/1707.02937',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'avoids checkerboards',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(c=16, r=2):
    conv = nn.Conv2d(c, c * r * r, 3, padding=1)
    k = torch.empty(c, c, 3, 3)
    nn.init.kaiming_normal_(k, nonlinearity="relu")
    with torch.no_grad():
        conv.weight.copy_(k.repeat_interleave(r * r, 0))
        conv.bias.zero_()
    return nn.Sequential(nn.Conv2d(3, c, 3, padding=1), nn.ReLU(), conv, nn.PixelShuffle(r))

def example_input():
    return (torch.randn(2, 3, 8, 8),)
