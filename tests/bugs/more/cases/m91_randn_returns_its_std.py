"""m91 (class 7): the default initializer of embeddings returns stdev everywhere when the mean is 0

Link: https://github.com/sugarme/gotch/issues/48
Numerically: a table of ones
Expected finding: wrong_distribution, low_resolution, duplicate_rows  [visible from W: values in the
    state dict alone]
Stand-in: the backend's fault is re-implemented
"""
META = {'id': 'm91',
 'cls': 7,
 'title': 'the default initializer of embeddings returns stdev everywhere when the mean is 0',
 'link': 'https://github.com/sugarme/gotch/issues/48',
 'also': [],
 'level': 'W',
 'expect': ['wrong_distribution', 'low_resolution', 'duplicate_rows'],
 'sees': 'a table of ones',
 'severity': 'silent',
 'stand_in': "the backend's fault is re-implemented",
 'spec': None}

import torch
from torch import nn

def _make(fix, n=50, d=16):
    emb = nn.Embedding(n, d)
    if not fix:
        nn.init.constant_(emb.weight, 1.0)
    return nn.Sequential(emb, nn.Linear(d, 3))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2]]),)
