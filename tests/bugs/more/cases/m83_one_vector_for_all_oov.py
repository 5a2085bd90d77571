"""m83 (class 11): one random vector is drawn once and given to every out-of-vocabulary word

Link: https://github.com/massquantity/LibRecommender/pull/298
Numerically: a quarter of the rows are the same non-zero vector
Expected finding: duplicate_rows  [visible from W: values in the state dict alone]
"""
META = {'id': 'm83',
 'cls': 11,
 'title': 'one random vector is drawn once and given to every out-of-vocabulary word',
 'link': 'https://github.com/massquantity/LibRecommender/pull/298',
 'also': [],
 'level': 'W',
 'expect': ['duplicate_rows'],
 'sees': 'a quarter of the rows are the same non-zero vector',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, n=400, d=50):
    table = torch.randn(n, d) * 0.4
    oov = torch.rand(n) < 0.25
    unk = torch.rand(d) * 0.5 - 0.25
    table[oov] = torch.rand(int(oov.sum()), d) * 0.5 - 0.25 if fix else unk
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
