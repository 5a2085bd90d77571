"""n03 (class 1): e.weight = nn.Parameter(torch.rand(...)) replaces the zeroed padding row

Link: https://github.com/pytorch/pytorch/issues/1812
Numerically: padding_idx=0 with a U(0, 1) row
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n03',
 'cls': 1,
 'title': 'e.weight = nn.Parameter(torch.rand(...)) replaces the zeroed padding row',
 'link': 'https://github.com/pytorch/pytorch/issues/1812',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'padding_idx=0 with a U(0, 1) row',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.char = nn.Embedding(70, 12, padding_idx=0)
        table = torch.rand(70, 12)
        if fix:
            table[0] = 0
        self.char.weight = nn.Parameter(table)
        self.conv = nn.Conv1d(12, 20, 3, padding=1)

    def forward(self, x):
        return self.conv(self.char(x).transpose(1, 2)).amax(-1)

def _make(fix):
    return Tagger(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(1, 70, (3, 8)),)
