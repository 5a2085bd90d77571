"""t03 (class 1): weight_norm over the rows of an embedding with a padding row: the zero row is divided by its norm

Link: https://github.com/pytorch/pytorch/issues/19126
Numerically: row 0 of the recomputed weight is 0 * 0 / 0
Expected finding: nan_inf, padding_row_nonzero, failed_forward  [visible from F: one forward pass or
    first-step gradient with an example input]
"""
META = {'id': 't03',
 'cls': 1,
 'title': 'weight_norm over the rows of an embedding with a padding row: the zero row is divided by its norm',
 'link': 'https://github.com/pytorch/pytorch/issues/19126',
 'also': [],
 'level': 'F',
 'expect': ['nan_inf', 'padding_row_nonzero', 'failed_forward'],
 'sees': 'row 0 of the recomputed weight is 0 * 0 / 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

def _make(fix):
    words = nn.Embedding(150, 24, padding_idx=0)
    nn.init.normal_(words.weight, 0, 0.1)
    nn.init.zeros_(words.weight[0])
    return nn.Sequential(weight_norm(words, dim=None if fix else 0), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 5))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[3, 17, 41, 0, 0], [5, 8, 99, 120, 0]]),)
