"""sk07 (control): PixelCNN: the lower half of every kernel is masked to zero

Link: https://arxiv.org/abs/1606.05328
Why it is NOT a bug: the mask is a buffer and is applied to the weight
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk07',
 'cls': 'control',
 'title': 'PixelCNN: the lower half of every kernel is masked to zero',
 'link': 'https://arxiv.org/abs/1606.05328',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the mask is a buffer and is applied to the weight',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class MaskedConv(nn.Conv2d):
    def __init__(self, kind, *args, **kw):
        super().__init__(*args, **kw)
        k = self.kernel_size[0]
        mask = torch.ones_like(self.weight)
        mask[:, :, k // 2, k // 2 + (kind == "B"):] = 0
        mask[:, :, k // 2 + 1:] = 0
        self.register_buffer("mask", mask)
        with torch.no_grad():
            self.weight.mul_(mask)

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)

def build():
    return nn.Sequential(MaskedConv("A", 1, 16, 7, padding=3), nn.ReLU(), MaskedConv("B", 16, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 256, 1))

def example_input():
    return (torch.rand(2, 1, 12, 12),)
