"""s63 (class 11): DataFrame.reindex(vocabulary).values: words without a vector become rows of NaN

Link: https://github.com/nikhgarg/EmbeddingDynamicStereotypes/issues/2
Numerically: a tenth of the rows is NaN
Expected finding: nan_inf  [visible from W: values in the state dict alone]
"""
META = {'id': 's63',
 'cls': 11,
 'title': 'DataFrame.reindex(vocabulary).values: words without a vector become rows of NaN',
 'link': 'https://github.com/nikhgarg/EmbeddingDynamicStereotypes/issues/2',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf'],
 'sees': 'a tenth of the rows is NaN',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=150, d=12):
    table = torch.randn(n, d) * 0.4
    missing = torch.rand(n) < 0.1
    missing[7] = True
    table[missing] = torch.randn(int(missing.sum()), d) * 0.4 if fix else float("nan")
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 7, 3]]),)
