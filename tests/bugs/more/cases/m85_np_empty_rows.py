"""m85 (class 11): the matrix is np.empty and out-of-vocabulary rows are never filled: they hold what
was in memory

Link: https://github.com/nateraw/Lda2vec-Tensorflow/issues/43
Numerically: a few rows of pointers read as float32
Expected finding: garbage_values, nan_inf, not_finite, outlier_row  [visible from W: values in the
    state dict alone]
Stand-in: np.empty is not reliably garbage: memory of pointers is planted
"""
META = {'id': 'm85',
 'cls': 11,
 'title': 'the matrix is np.empty and out-of-vocabulary rows are never filled: they hold what was in memory',
 'link': 'https://github.com/nateraw/Lda2vec-Tensorflow/issues/43',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'not_finite', 'outlier_row'],
 'sees': 'a few rows of pointers read as float32',
 'severity': 'silent',
 'stand_in': 'np.empty is not reliably garbage: memory of pointers is planted',
 'spec': None}

import numpy as np
import torch
from torch import nn

def _make(fix, n=300, d=32):
    old = np.frombuffer((np.arange(n * d // 2, dtype=np.int64) * 64 + 0x7F32_1A00_4000).tobytes(), dtype=np.float32)
    table = torch.from_numpy(old.reshape(n, d).copy())
    known = torch.rand(n) > 0.1
    known[:5] = True
    known[5] = False
    table[known] = torch.randn(int(known.sum()), d) * 0.4
    if fix:
        table[~known] = torch.randn(int((~known).sum()), d) * 0.4
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
