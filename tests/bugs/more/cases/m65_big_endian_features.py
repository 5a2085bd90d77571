"""m65 (class 9): features read from a big-endian file: given numpy array has byte order different from
the native byte order

Link: https://github.com/pytorch/pytorch/pull/71688
Numerically: ValueError
Expected finding: byte_order  [visible from X: running the offending operation]
"""
META = {'id': 'm65',
 'cls': 9,
 'title': 'features read from a big-endian file: given numpy array has byte order different from the native '
          'byte order',
 'link': 'https://github.com/pytorch/pytorch/pull/71688',
 'also': [],
 'level': 'X',
 'expect': ['byte_order'],
 'sees': 'ValueError',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

def probe(a):
    return torch.from_numpy(a)

def _make(fix):
    a = np.arange(12, dtype=">f4").reshape(3, 4)
    return a.astype("f4") if fix else a

def build():
    return _make(False)

def build_fixed():
    return _make(True)
