"""u09 (class 9): a table made by np.broadcast_to goes to from_numpy: the memory is read-only and its rows are one

Link: https://github.com/pytorch/pytorch/pull/33615
Numerically: stride 0: an in-place step on one row writes all of them, into memory numpy holds read-only
Expected finding: readonly_alias, shared_memory, duplicate_rows  [visible from M]
"""
META = {'id': 'u09',
 'cls': 9,
 'title': 'a table made by np.broadcast_to goes to from_numpy: the memory is read-only and its rows are one',
 'link': 'https://github.com/pytorch/pytorch/pull/33615',
 'also': [],
 'level': 'M',
 'expect': ['readonly_alias', 'shared_memory', 'duplicate_rows'],
 'sees': 'stride 0: an in-place step on one row writes all of them, into memory numpy holds read-only',
 'severity': 'warning',
 'stand_in': None,
 'spec': None}

import warnings

import numpy as np
import torch
from torch import nn

class Prompts(nn.Module):
    def __init__(self, fix, n=20, d=16):
        super().__init__()
        row = np.random.default_rng(int(torch.randint(2**31, ()))).normal(0, 0.02, d).astype(np.float32)
        table = np.broadcast_to(row, (n, d))
        if fix:
            table = table + np.random.default_rng(int(torch.randint(2**31, ()))).normal(0, 0.02, (n, d)).astype(np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")                 # told once a process, and easily lost
            self.prompts = nn.Parameter(torch.from_numpy(table))
        self.head = nn.Linear(d, 3)

    def forward(self, x):
        return self.head(x + self.prompts.mean(0))

def _make(fix):
    return Prompts(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 16),)
