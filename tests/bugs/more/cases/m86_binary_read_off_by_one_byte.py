"""m86 (class 11): word2vec binary: the newline after each vector is not skipped, so that floats are
read one byte off

Link: https://github.com/tmikolov/word2vec/issues/25
Numerically: values from 1e-38 to 1e38 after the first word
Expected finding: garbage_values, nan_inf, not_finite, outliers, outlier_row, wrong_distribution
    [visible from W: values in the state dict alone]
"""
META = {'id': 'm86',
 'cls': 11,
 'title': 'word2vec binary: the newline after each vector is not skipped, so that floats are read one byte '
          'off',
 'link': 'https://github.com/tmikolov/word2vec/issues/25',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'not_finite', 'outliers', 'outlier_row', 'wrong_distribution'],
 'sees': 'values from 1e-38 to 1e38 after the first word',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

def _make(fix, n=64, d=40):
    vecs = (torch.randn(n, d) * 0.3).numpy()
    raw = vecs.tobytes()
    if fix:
        table = np.frombuffer(raw, dtype=np.float32).reshape(n, d).copy()
    else:
        first = vecs[:1].copy()
        rest = np.frombuffer(raw[4 * d + 1:] + b"x", dtype=np.float32)[: (n - 1) * d].reshape(n - 1, d)
        table = np.concatenate([first, rest]).copy()
    return nn.Sequential(nn.Embedding.from_pretrained(torch.from_numpy(table).clone(), freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
