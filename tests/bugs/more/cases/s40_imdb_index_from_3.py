"""s40 (class 11): the reviews are encoded with ids shifted by 3 (pad, start, unknown), the GloVe
    matrix is filled without

Link: https://github.com/fchollet/deep-learning-with-python-notebooks/issues/145
Numerically: every word has the vector of the word three ranks further
Expected finding: row_order, vectors_mismatch, ckpt_mismatch  [visible from R: a reference
    (checkpoint, other rank/seed/device, vector file)]
"""
META = {'id': 's40',
 'cls': 11,
 'title': 'the reviews are encoded with ids shifted by 3 (pad, start, unknown), the GloVe matrix is filled '
          'without',
 'link': 'https://github.com/fchollet/deep-learning-with-python-notebooks/issues/145',
 'also': [],
 'level': 'R',
 'expect': ['row_order', 'vectors_mismatch', 'ckpt_mismatch'],
 'sees': 'every word has the vector of the word three ranks further',
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

SHIFT = 3
SPECIAL = torch.randn(SHIFT, DIM, generator=torch_rng) * 0.4     # <pad>, <start>, <unk>

def reference_state():
    table = torch.zeros(len(WORDS) + SHIFT, DIM)
    table[:SHIFT] = SPECIAL
    table[SHIFT:] = torch.stack([FILE[w] for w in WORDS])
    return {"0.weight": table}

def _make(fix):
    table = torch.zeros(len(WORDS) + SHIFT, DIM)
    table[:SHIFT] = SPECIAL
    for i, w in enumerate(WORDS):
        table[i + (SHIFT if fix else 0)] = FILE[w]
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[4, 5, 6]]),)
