"""s44 (class 11): a word that is itself a number is parsed as the first component of its vector

Link: https://github.com/facebookresearch/fastText/issues/11
Numerically: the row of '2016' starts with 2016.0 and is shifted by one
Expected finding: outlier_row, outliers, vectors_mismatch  [visible from W: values in the state dict
    alone]
"""
META = {'id': 's44',
 'cls': 11,
 'title': 'a word that is itself a number is parsed as the first component of its vector',
 'link': 'https://github.com/facebookresearch/fastText/issues/11',
 'also': [],
 'level': 'W',
 'expect': ['outlier_row', 'outliers', 'vectors_mismatch'],
 'sees': "the row of '2016' starts with 2016.0 and is shifted by one",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

DIM = 16

def _float(s):
    try:
        return float(s)
    except ValueError:
        return None

def _make(fix, n=150):
    words = [f"w{i}" for i in range(n)]
    words[40], words[90] = "2016", "1984"
    lines = [w + " " + " ".join(f"{v:.4f}" for v in (torch.randn(DIM) * 0.4).tolist()) for w in words]
    table = torch.zeros(n, DIM)
    for i, line in enumerate(lines):
        parts = line.split()
        values = [float(p) for p in parts[1:]] if fix else [v for v in map(_float, parts) if v is not None]
        table[i] = torch.tensor(values[:DIM])
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[4, 5, 6]]),)
