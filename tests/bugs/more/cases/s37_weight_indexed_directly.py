"""s37 (class 10): emb.weight[ids] instead of emb(ids): padding_idx is ignored and the padding row is
    trained

Link: https://github.com/pytorch/pytorch/issues/28716
Numerically: the gradient of row 0 is not zero
Expected finding: padding_row_gets_gradient  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 's37',
 'cls': 10,
 'title': 'emb.weight[ids] instead of emb(ids): padding_idx is ignored and the padding row is trained',
 'link': 'https://github.com/pytorch/pytorch/issues/28716',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_gets_gradient'],
 'sees': 'the gradient of row 0 is not zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.fix = fix
        self.emb = nn.Embedding(40, 12, padding_idx=0)
        self.fc = nn.Linear(12, 3)

    def forward(self, ids):
        rows = self.emb(ids) if self.fix else self.emb.weight[ids]
        return self.fc(rows.mean(1))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[3, 5, 7, 0, 0], [2, 4, 0, 0, 0], [9, 8, 6, 1, 0]]),)
