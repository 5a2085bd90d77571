"""mk23 (control): FCN: transposed convolution filled with a bilinear kernel on the diagonal, zero
elsewhere

Link: https://arxiv.org/abs/1411.4038
Why it is NOT a bug: an interpolation, not a draw
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk23',
 'cls': 'control',
 'title': 'FCN: transposed convolution filled with a bilinear kernel on the diagonal, zero elsewhere',
 'link': 'https://arxiv.org/abs/1411.4038',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'an interpolation, not a draw',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(c=5, k=4):
    up = nn.ConvTranspose2d(c, c, k, stride=2, padding=1, bias=False)
    og = torch.arange(k).float()
    f = 1 - (og - 1.5).abs() / 2
    with torch.no_grad():
        up.weight.zero_()
        up.weight[range(c), range(c)] = f[:, None] * f[None]
    return nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, c, 1), up)

def example_input():
    return (torch.randn(2, 3, 8, 8),)
