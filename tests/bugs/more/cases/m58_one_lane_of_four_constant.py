"""m58 (class 7): a vectorised generator writes the same random word to all four lanes: columns come in
equal groups of four

Link: https://github.com/NVIDIA/Fuser/pull/2355
Numerically: columns 4k to 4k+3 are equal
Expected finding: duplicate_rows, correlated_weights, low_resolution, repeated_slices  [visible from
    W: values in the state dict alone]
Stand-in: the kernel's fault is re-implemented
"""
META = {'id': 'm58',
 'cls': 7,
 'title': 'a vectorised generator writes the same random word to all four lanes: columns come in equal '
          'groups of four',
 'link': 'https://github.com/NVIDIA/Fuser/pull/2355',
 'also': [],
 'level': 'W',
 'expect': ['duplicate_rows', 'correlated_weights', 'low_resolution', 'repeated_slices'],
 'sees': 'columns 4k to 4k+3 are equal',
 'severity': 'silent',
 'stand_in': "the kernel's fault is re-implemented",
 'spec': None}

import torch
from torch import nn

def _make(fix, d=128):
    net = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
    with torch.no_grad():
        for m in net:
            if isinstance(m, nn.Linear):
                w = torch.randn(d, d) if fix else torch.randn(d, d // 4).repeat_interleave(4, 1)
                m.weight.copy_(w * (2 / d) ** 0.5)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 128),)
