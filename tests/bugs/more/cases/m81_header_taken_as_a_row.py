"""m81 (class 11): the header of a word2vec text file ('3000000 300') is read as the vector of the word
'3000000'

Link: https://github.com/huggingface/sentence-transformers/pull/1656
Numerically: row 0 is (24, 0, 0, ...)
Expected finding: outlier_row, vectors_mismatch  [visible from W: values in the state dict alone]
"""
META = {'id': 'm81',
 'cls': 11,
 'title': "the header of a word2vec text file ('3000000 300') is read as the vector of the word '3000000'",
 'link': 'https://github.com/huggingface/sentence-transformers/pull/1656',
 'also': [],
 'level': 'W',
 'expect': ['outlier_row', 'vectors_mismatch'],
 'sees': 'row 0 is (24, 0, 0, ...)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _read(lines, dim, fix):
    rows = []
    for line in lines[1 if fix else 0:]:
        parts = line.split(" ")
        v = [float(x) for x in parts[1:]]
        rows.append((v + [0.0] * dim)[:dim])
    return torch.tensor(rows)

def _make(fix, n=120, dim=24):
    vecs = torch.randn(n, dim) * 0.3
    lines = [f"{n} {dim}"] + [f"w{i} " + " ".join(f"{v:.4f}" for v in row) for i, row in enumerate(vecs.tolist())]
    return nn.Sequential(nn.Embedding.from_pretrained(_read(lines, dim, fix), freeze=False), nn.Linear(dim, 2))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2]]),)
