"""m61 (class 9): the collate function builds its batch by torch.tensor([array, array, ...])

Link: https://github.com/babysor/MockingBird/issues/731
Numerically: a UserWarning and 30x the time
Expected finding: slow_conversion  [visible from X: running the offending operation]
"""
META = {'id': 'm61',
 'cls': 9,
 'title': 'the collate function builds its batch by torch.tensor([array, array, ...])',
 'link': 'https://github.com/babysor/MockingBird/issues/731',
 'also': [],
 'level': 'X',
 'expect': ['slow_conversion'],
 'sees': 'a UserWarning and 30x the time',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

def _rows():
    return [torch.randn(256).numpy() for _ in range(16)]

def _make(fix):
    def collate():
        rows = _rows()
        return torch.from_numpy(np.stack(rows)) if fix else torch.tensor(rows, dtype=torch.float32)
    return collate

def probe(collate):
    return collate()

def build():
    return _make(False)

def build_fixed():
    return _make(True)
