"""u15 (class 11): positive numbers of the file are padded with a second space: split(' ') yields empty fields that are read as zeros

Link: https://github.com/Kyubyong/bert-token-embeddings/issues/1
Numerically: a third of the entries is exactly zero, the rest has moved to the right
Expected finding: ckpt_mismatch, vectors_mismatch, pretrained_changed, wrong_distribution  [visible from R]
"""
META = {'id': 'u15',
 'cls': 11,
 'title': "positive numbers of the file are padded with a second space: split(' ') yields empty fields that are read "
          'as zeros',
 'link': 'https://github.com/Kyubyong/bert-token-embeddings/issues/1',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'vectors_mismatch', 'pretrained_changed', 'wrong_distribution'],
 'sees': 'a third of the entries is exactly zero, the rest has moved to the right',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

WORDS, DIM = [f"tok{i}" for i in range(90)], 16

def _lines():
    vectors = torch.randn(90, DIM, generator=torch.Generator().manual_seed(3)) * 0.05
    return [w + " " + " ".join(f"{v: .6f}" for v in row) for w, row in zip(WORDS, vectors.tolist())]

def _load(fix):
    table = torch.zeros(90, DIM)
    for i, line in enumerate(_lines()):
        fields = line.split()[1:] if fix else line.split(" ")[1:]
        table[i] = torch.tensor([float(v or 0) for v in fields][:DIM])
    return table

def reference_state():
    return {"0.weight": torch.tensor([[float(v) for v in line.split()[1:]] for line in _lines()])}

def _make(fix):
    return nn.Sequential(nn.Embedding.from_pretrained(_load(fix), freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(90, (4, 7)),)
