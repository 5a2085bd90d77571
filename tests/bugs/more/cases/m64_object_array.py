"""m64 (class 9): an array of python objects (ragged rows) is no tensor: can't convert np.ndarray of
type numpy.object_

Link: https://github.com/pytorch/pytorch/pull/71688
Numerically: TypeError
Expected finding: unsupported_dtype  [visible from X: running the offending operation]
"""
META = {'id': 'm64',
 'cls': 9,
 'title': "an array of python objects (ragged rows) is no tensor: can't convert np.ndarray of type "
          'numpy.object_',
 'link': 'https://github.com/pytorch/pytorch/pull/71688',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_dtype'],
 'sees': 'TypeError',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

def probe(a):
    return torch.from_numpy(a)

def _make(fix):
    if fix:
        return np.zeros((3, 4), dtype=np.float32)
    a = np.empty(3, dtype=object)
    for i in range(3):
        a[i] = np.zeros(i + 1)
    return a

def build():
    return _make(False)

def build_fixed():
    return _make(True)
