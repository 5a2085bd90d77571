"""m87 (class 11): the line counter is never increased: all vectors are written into row 0

Link: https://github.com/deeplearning4j/deeplearning4j/issues/389
Numerically: every row but one is zero
Expected finding: zero_rows  [visible from W: values in the state dict alone]
"""
META = {'id': 'm87',
 'cls': 11,
 'title': 'the line counter is never increased: all vectors are written into row 0',
 'link': 'https://github.com/deeplearning4j/deeplearning4j/issues/389',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows'],
 'sees': 'every row but one is zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, n=60, d=20):
    table, line = torch.zeros(n, d), 0
    for vec in torch.randn(n, d) * 0.3:
        table[line] = vec
        line += 1 if fix else 0
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False), nn.Linear(d, 3))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
