"""s39 (class 11): ids count the lines of the file, rows the distinct words: after the first repeated
    word all are shifted

Link: https://github.com/thunlp/OpenAttack/issues/218
Numerically: every word behind the repeated one has the vector of its neighbour
Expected finding: row_order, vectors_mismatch, ckpt_mismatch  [visible from R: a reference
    (checkpoint, other rank/seed/device, vector file)]
"""
META = {'id': 's39',
 'cls': 11,
 'title': 'ids count the lines of the file, rows the distinct words: after the first repeated word all are '
          'shifted',
 'link': 'https://github.com/thunlp/OpenAttack/issues/218',
 'also': [],
 'level': 'R',
 'expect': ['row_order', 'vectors_mismatch', 'ckpt_mismatch'],
 'sees': 'every word behind the repeated one has the vector of its neighbour',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

WORDS = ["the", "cat", "sat", "on", "a", "mat", "dog", "ran", "far", "away", "tree", "sky", "red", "blue", "old", "new"]
DIM = 12
torch_rng = torch.Generator().manual_seed(11)
FILE = {w: torch.randn(DIM, generator=torch_rng) * 0.4 for w in WORDS}

LINES = WORDS[:5] + ["cat"] + WORDS[5:]                          # 'cat' twice

def reference_state():
    return {"0.weight": torch.stack([FILE[w] for w in WORDS])}

def _make(fix):
    rows = {w: i for i, w in enumerate(dict.fromkeys(LINES))}     # first occurrence, no gaps
    table = torch.zeros(len(rows), DIM)
    for i, w in enumerate(LINES):
        j = rows[w] if fix else min(i, len(rows) - 1)
        table[j] = FILE[w]
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
