"""p02 (class 1): EHR embeddings without padding_idx: padding events are embedded and trained

Link: https://github.com/FGA-DIKU/BONSAI/issues/166
Numerically: the padding id's row is drawn and receives gradient
Expected finding: padding_row_gets_gradient, padding_row_nonzero  [visible from F: one forward pass
    / first-step gradient]
"""
META = {'id': 'p02',
 'cls': 1,
 'title': 'EHR embeddings without padding_idx: padding events are embedded and trained',
 'link': 'https://github.com/FGA-DIKU/BONSAI/issues/166',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_gets_gradient', 'padding_row_nonzero'],
 'sees': "the padding id's row is drawn and receives gradient",
 'severity': 'silent',
 'stand_in': None,
 'spec': {'padding_idx': {'concept': 0}}}

import torch
from torch import nn

class Ehr(nn.Module):
    def __init__(self, fix, v=90, d=24):
        super().__init__()
        self.concept = nn.Embedding(v, d, padding_idx=0 if fix else None)
        self.age = nn.Linear(1, d)
        self.gru = nn.GRU(d, d, batch_first=True)

    def forward(self, ids, age):
        return self.gru(self.concept(ids) + self.age(age[..., None]))[1][-1]

def _make(fix):
    return Ehr(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[7, 3, 0, 0], [5, 0, 0, 0]]), torch.rand(2, 4))
