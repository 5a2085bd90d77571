"""s12 (class 4): scaled weight standardisation divides by all the numbers of the kernel instead of by
    those of one output

Link: https://github.com/vballoli/nfnets-pytorch/issues/35
Numerically: the effective weight is sqrt(out_channels) too small in every layer; the stored one
    looks sound
Expected finding: var_collapse, vanishing_activations, scale_too_small  [visible from F: one forward
    pass / first-step gradient]
"""
META = {'id': 's12',
 'cls': 4,
 'title': 'scaled weight standardisation divides by all the numbers of the kernel instead of by those of one '
          'output',
 'link': 'https://github.com/vballoli/nfnets-pytorch/issues/35',
 'also': [],
 'level': 'F',
 'expect': ['var_collapse', 'vanishing_activations', 'scale_too_small'],
 'sees': 'the effective weight is sqrt(out_channels) too small in every layer; the stored one looks sound',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class WSConv(nn.Conv2d):
    def __init__(self, c, fix):
        super().__init__(c, c, 3, padding=1)
        self.gain = nn.Parameter(torch.ones(c, 1, 1, 1))
        nn.init.zeros_(self.bias)
        self.fan = self.weight[0].numel() if fix else self.weight.numel()

    def forward(self, x):
        var, mean = torch.var_mean(self.weight, dim=(1, 2, 3), keepdim=True)
        w = (self.weight - mean) * torch.rsqrt(var * self.fan + 1e-8) * self.gain
        return nn.functional.conv2d(x, w, self.bias, padding=1)

class Act(nn.Module):
    def forward(self, x):
        return torch.relu(x) * 1.7139588594436646

def _make(fix, c=24, depth=5):
    return nn.Sequential(*[m for _ in range(depth) for m in (WSConv(c, fix), Act())])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 24, 10, 10),)
