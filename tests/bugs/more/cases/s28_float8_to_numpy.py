"""s28 (class 9): an exporter calls .numpy() on weights that are stored in float8

Link: https://github.com/microsoft/BitBLAS/pull/30
Numerically: TypeError: Got unsupported ScalarType Float8_e4m3fn
Expected finding: unsupported_dtype  [visible from X: running the offending operation]
"""
META = {'id': 's28',
 'cls': 9,
 'title': 'an exporter calls .numpy() on weights that are stored in float8',
 'link': 'https://github.com/microsoft/BitBLAS/pull/30',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_dtype'],
 'sees': 'TypeError: Got unsupported ScalarType Float8_e4m3fn',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Packed(nn.Module):
    def __init__(self, fix, d=16):
        super().__init__()
        w = torch.randn(d, d) * 0.1
        self.register_buffer("weight", w if fix else w.to(torch.float8_e4m3fn))
        self.register_buffer("scale", torch.ones(()))

    def forward(self, x):
        return x @ (self.weight.to(x.dtype) * self.scale).T

def probe(net):
    return {k: v.numpy() for k, v in net.state_dict().items()}

def _make(fix):
    return Packed(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16),)
