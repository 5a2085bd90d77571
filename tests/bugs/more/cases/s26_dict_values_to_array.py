"""s26 (class 9): np.array(d.values()) is one object, not an array of numbers: torch.tensor cannot
    convert it

Link: https://github.com/emadeldeen24/ECGTransForm/issues/2
Numerically: TypeError: can't convert np.ndarray of type numpy.object_
Expected finding: unsupported_dtype  [visible from X: running the offending operation]
"""
META = {'id': 's26',
 'cls': 9,
 'title': 'np.array(d.values()) is one object, not an array of numbers: torch.tensor cannot convert it',
 'link': 'https://github.com/emadeldeen24/ECGTransForm/issues/2',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_dtype'],
 'sees': "TypeError: can't convert np.ndarray of type numpy.object_",
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

WEIGHTS = {0: 1.0, 1: 4.0, 2: 2.5}

def _make(fix):
    """The conversion that a project uses: called with the class weights of a data set."""
    if fix:
        return lambda t=None: torch.tensor(np.array(list(WEIGHTS.values()), dtype=np.float32))
    return lambda t=None: torch.tensor(np.array(WEIGHTS.values()))

def probe(convert):
    return convert()

def build():
    return _make(False)

def build_fixed():
    return _make(True)
