"""s42 (class 11): words read from a binary file are bytes and never equal the str of the vocabulary:
    no vector is found

Link: https://github.com/allenai/deep_qa/pull/55
Numerically: the whole matrix stays zero
Expected finding: all_zero_param, zero_rows  [visible from W: values in the state dict alone]
"""
META = {'id': 's42',
 'cls': 11,
 'title': 'words read from a binary file are bytes and never equal the str of the vocabulary: no vector is '
          'found',
 'link': 'https://github.com/allenai/deep_qa/pull/55',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'zero_rows'],
 'sees': 'the whole matrix stays zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=60, d=10):
    vocab = {f"w{i}": i for i in range(n)}
    lines = [(w + " " + " ".join(f"{v:.4f}" for v in torch.randn(d).tolist())).encode() for w in vocab]
    table = torch.zeros(n, d)
    for line in lines:
        parts = (line.decode() if fix else line).split()
        if parts[0] in vocab:
            table[vocab[parts[0]]] = torch.tensor([float(v) for v in parts[1:]])
    return nn.ModuleDict({"emb": nn.Embedding.from_pretrained(table, freeze=False)})

def build():
    return _make(False)

def build_fixed():
    return _make(True)
