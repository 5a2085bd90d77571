"""s41 (class 11): the vectors are for lower case only and the vocabulary is cased: capitalised words
    keep a zero row

Link: https://github.com/shangjingbo1226/AutoNER/issues/24
Also: https://github.com/informagi/REL/issues/73
Numerically: a quarter of the table is exactly zero
Expected finding: zero_rows  [visible from W: values in the state dict alone]
"""
META = {'id': 's41',
 'cls': 11,
 'title': 'the vectors are for lower case only and the vocabulary is cased: capitalised words keep a zero '
          'row',
 'link': 'https://github.com/shangjingbo1226/AutoNER/issues/24',
 'also': ['https://github.com/informagi/REL/issues/73'],
 'level': 'W',
 'expect': ['zero_rows'],
 'sees': 'a quarter of the table is exactly zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=240, d=20):
    words = [("W" if i % 4 == 3 else "w") + str(i) for i in range(n)]
    file = {w.lower(): torch.randn(d) * 0.4 for w in words}
    table = torch.zeros(n, d)
    for i, w in enumerate(words):
        key = w.lower() if fix else w
        if key in file:
            table[i] = file[key]
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3]]),)
