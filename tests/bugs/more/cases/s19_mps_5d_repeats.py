"""s19 (class 7): randn on MPS repeats itself along the first axis of tensors with five axes

Link: https://github.com/pytorch/pytorch/issues/147624
Also: https://github.com/pytorch/pytorch/issues/147740
Numerically: all filters of a Conv3d are the same kernel
Expected finding: repeated_slices, duplicate_rows, identical_params, correlated_weights  [visible
    from W: values in the state dict alone]
Stand-in: the repetition is written out on the CPU
"""
META = {'id': 's19',
 'cls': 7,
 'title': 'randn on MPS repeats itself along the first axis of tensors with five axes',
 'link': 'https://github.com/pytorch/pytorch/issues/147624',
 'also': ['https://github.com/pytorch/pytorch/issues/147740'],
 'level': 'W',
 'expect': ['repeated_slices', 'duplicate_rows', 'identical_params', 'correlated_weights'],
 'sees': 'all filters of a Conv3d are the same kernel',
 'severity': 'silent',
 'stand_in': 'the repetition is written out on the CPU',
 'spec': None}

import math
import torch
from torch import nn

def _make(fix):
    net = nn.Sequential(nn.Conv3d(4, 12, 3, padding=1), nn.ReLU(), nn.Conv3d(12, 8, 3, padding=1))
    for m in (net[0], net[2]):
        w = torch.randn(m.weight.shape) * math.sqrt(2 / m.weight[0].numel())
        with torch.no_grad():
            m.weight.copy_(w if fix else w[:1].expand_as(w))
        nn.init.zeros_(m.bias)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 4, 5, 5, 5),)
