"""s43 (class 11): vectors stored as (dim, words) are reshaped to (words, dim) instead of transposed

Link: https://github.com/deeplearning4j/deeplearning4j/issues/175
Numerically: the numbers are all there, in the rows of other words
Expected finding: vectors_mismatch, ckpt_mismatch, row_order  [visible from R: a reference
    (checkpoint, other rank/seed/device, vector file)]
"""
META = {'id': 's43',
 'cls': 11,
 'title': 'vectors stored as (dim, words) are reshaped to (words, dim) instead of transposed',
 'link': 'https://github.com/deeplearning4j/deeplearning4j/issues/175',
 'also': [],
 'level': 'R',
 'expect': ['vectors_mismatch', 'ckpt_mismatch', 'row_order'],
 'sees': 'the numbers are all there, in the rows of other words',
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

def reference_state():
    return {"0.weight": torch.stack([FILE[w] for w in WORDS])}

def _make(fix):
    stored = torch.stack([FILE[w] for w in WORDS]).T.contiguous()
    table = stored.T.clone() if fix else stored.reshape(len(WORDS), DIM).clone()
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[4, 5, 6]]),)
