"""m62 (class 9): from_numpy of a flipped array: negative strides are not supported

Link: https://github.com/facebookresearch/InferSent/pull/100
Numerically: ValueError: at least one stride in the given numpy array is negative
Expected finding: negative_stride  [visible from X: running the offending operation]
"""
META = {'id': 'm62',
 'cls': 9,
 'title': 'from_numpy of a flipped array: negative strides are not supported',
 'link': 'https://github.com/facebookresearch/InferSent/pull/100',
 'also': [],
 'level': 'X',
 'expect': ['negative_stride'],
 'sees': 'ValueError: at least one stride in the given numpy array is negative',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def probe(a):
    return torch.from_numpy(a)

def _make(fix):
    a = torch.randn(6, 4).numpy()[::-1]
    return a.copy() if fix else a

def build():
    return _make(False)

def build_fixed():
    return _make(True)
