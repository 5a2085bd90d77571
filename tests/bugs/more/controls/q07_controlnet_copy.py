"""q07 (control): ControlNet: the trainable copy equals the locked encoder, joined by zero convolutions

Link: https://github.com/lllyasviel/ControlNet/issues/51
Why it is NOT a bug: identical weights and all-zero convolutions, both as published
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q07',
 'cls': 'control',
 'title': 'ControlNet: the trainable copy equals the locked encoder, joined by zero convolutions',
 'link': 'https://github.com/lllyasviel/ControlNet/issues/51',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'identical weights and all-zero convolutions, both as published',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def zero(m):
    for p in m.parameters():
        nn.init.zeros_(p)
    return m

class ControlNet(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.locked = nn.Sequential(nn.Conv2d(3, c, 3, padding=1), nn.SiLU(), nn.Conv2d(c, c, 3, padding=1))
        self.control = copy.deepcopy(self.locked)
        self.locked.requires_grad_(False)
        self.hint = nn.Conv2d(3, 3, 3, padding=1)
        self.zero_conv = zero(nn.Conv2d(c, c, 1))

    def forward(self, x, h):
        return self.locked(x) + self.zero_conv(self.control(x + self.hint(h)))

def build():
    return ControlNet()

def example_input():
    return (torch.randn(1, 3, 8, 8), torch.randn(1, 3, 8, 8))
