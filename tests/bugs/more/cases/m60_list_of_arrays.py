"""m60 (class 9): torch.tensor(list of ndarrays) is extremely slow

Link: https://github.com/kan-bayashi/ParallelWaveGAN/issues/367
Numerically: a UserWarning and 30x the time
Expected finding: slow_conversion  [visible from X: running the offending operation]
"""
META = {'id': 'm60',
 'cls': 9,
 'title': 'torch.tensor(list of ndarrays) is extremely slow',
 'link': 'https://github.com/kan-bayashi/ParallelWaveGAN/issues/367',
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

def probe(batch):
    return torch.tensor(batch)

def _make(fix):
    rows = [torch.randn(400).numpy() for _ in range(32)]
    return np.stack(rows) if fix else rows

def build():
    return _make(False)

def build_fixed():
    return _make(True)
