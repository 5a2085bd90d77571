"""n52 (class 6): a zero-initialised proj_out feeds a zero convolution: neither gets a gradient

Link: https://github.com/lllyasviel/ControlNet/issues/510
Numerically: two consecutive layers are exactly zero
Expected finding: all_zero_param, dead_gradient  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'n52',
 'cls': 6,
 'title': 'a zero-initialised proj_out feeds a zero convolution: neither gets a gradient',
 'link': 'https://github.com/lllyasviel/ControlNet/issues/510',
 'also': [],
 'level': 'F',
 'expect': ['all_zero_param', 'dead_gradient'],
 'sees': 'two consecutive layers are exactly zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

def zero_module(m):
    for p in m.parameters():
        nn.init.zeros_(p)
    return m

class Control(nn.Module):
    def __init__(self, fix, c=12):
        super().__init__()
        self.base = nn.Conv2d(3, c, 3, padding=1)
        self.hint = nn.Conv2d(3, c, 3, padding=1)
        self.proj_out = nn.Conv2d(c, c, 1) if fix else zero_module(nn.Conv2d(c, c, 1))
        self.zero_conv = zero_module(nn.Conv2d(c, c, 1))

    def forward(self, x, h):
        return self.base(x) + self.zero_conv(self.proj_out(F.silu(self.hint(h))))

def _make(fix):
    return Control(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 8, 8), torch.randn(2, 3, 8, 8))
