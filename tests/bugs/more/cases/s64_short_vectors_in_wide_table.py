"""s64 (class 11): vectors of 100 numbers are copied into a table of 300 columns

Link: https://github.com/p-kar/text-style-transfer-gan/issues/5
Numerically: columns 100 to 299 are zero for every word
Expected finding: zero_columns, zero_slice, all_zero_slice  [visible from W: values in the state
    dict alone]
"""
META = {'id': 's64',
 'cls': 11,
 'title': 'vectors of 100 numbers are copied into a table of 300 columns',
 'link': 'https://github.com/p-kar/text-style-transfer-gan/issues/5',
 'also': [],
 'level': 'W',
 'expect': ['zero_columns', 'zero_slice', 'all_zero_slice'],
 'sees': 'columns 100 to 299 are zero for every word',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=120):
    vectors = torch.randn(n, 100) * 0.4
    table = torch.zeros(n, 100 if fix else 300)
    table[:, :100] = vectors
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 7, 3]]),)
