"""s57 (class 9): a field of a structured array goes to from_numpy: its strides are no multiple of the
    element size

Link: https://github.com/pytorch/pytorch/pull/7440
Numerically: ValueError: given numpy array strides not a multiple of the element byte size
Expected finding: unsupported_layout  [visible from X: running the offending operation]
"""
META = {'id': 's57',
 'cls': 9,
 'title': 'a field of a structured array goes to from_numpy: its strides are no multiple of the element size',
 'link': 'https://github.com/pytorch/pytorch/pull/7440',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_layout'],
 'sees': 'ValueError: given numpy array strides not a multiple of the element byte size',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

RECORDS = np.zeros(20, dtype=[("id", "u1"), ("vec", "<f4", (8,))])

def _make(fix):
    """The conversion that a project uses on the records it reads."""
    if fix:
        return lambda t=None: torch.from_numpy(np.ascontiguousarray(RECORDS["vec"]))
    return lambda t=None: torch.from_numpy(RECORDS["vec"])

def probe(convert):
    return convert()

def build():
    return _make(False)

def build_fixed():
    return _make(True)
