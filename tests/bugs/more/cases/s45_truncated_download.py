"""s45 (class 11): the header promises more vectors than the file holds: the rest of the table keeps
    its zeros

Link: https://github.com/piskvorky/gensim/issues/391
Numerically: the last 30% of the rows are zero
Expected finding: zero_rows, all_zero_slice  [visible from W: values in the state dict alone]
"""
META = {'id': 's45',
 'cls': 11,
 'title': 'the header promises more vectors than the file holds: the rest of the table keeps its zeros',
 'link': 'https://github.com/piskvorky/gensim/issues/391',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'all_zero_slice'],
 'sees': 'the last 30% of the rows are zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=200, d=16):
    lines = [" ".join(f"{v:.4f}" for v in (torch.randn(d) * 0.3).tolist()) for _ in range(n)]
    held = lines if fix else lines[: int(0.7 * n)]
    table = torch.zeros(n, d)
    for i, line in enumerate(held):
        table[i] = torch.tensor([float(v) for v in line.split()])
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[4, 5, 6]]),)
