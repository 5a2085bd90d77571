"""n11 (class 1): F.embedding(ids, table, padding_idx=0) over a plain parameter: nothing ever zeroes
    the row

Link: https://github.com/pytorch/pytorch/issues/6411
Numerically: the functional call declares padding id 0, the parameter's row 0 is drawn
Expected finding: padding_row_nonzero  [visible from F: one forward pass / first-step gradient]
"""
META = {'id': 'n11',
 'cls': 1,
 'title': 'F.embedding(ids, table, padding_idx=0) over a plain parameter: nothing ever zeroes the row',
 'link': 'https://github.com/pytorch/pytorch/issues/6411',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_nonzero'],
 'sees': "the functional call declares padding id 0, the parameter's row 0 is drawn",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Session(nn.Module):
    def __init__(self, fix, items=500, d=20):
        super().__init__()
        self.item_table = nn.Parameter(torch.empty(items, d))
        nn.init.normal_(self.item_table, 0.0, 0.05)
        if fix:
            with torch.no_grad():
                self.item_table[0] = 0
        self.gru = nn.GRU(d, d, batch_first=True)

    def forward(self, ids):
        x = F.embedding(ids, self.item_table, padding_idx=0)
        _, h = self.gru(x)
        return h[-1] @ self.item_table.T

def _make(fix):
    return Session(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[4, 9, 11, 0, 0], [7, 0, 0, 0, 0]]),)
