"""m88 (class 11): the mean vector meant for <unk> is written to row 0, which is the padding row

Link: https://github.com/brightmart/nlu_sim/issues/1
Numerically: padding_idx = 0 holds the mean vector; row 1 (<unk>) has its own draw
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'm88',
 'cls': 11,
 'title': 'the mean vector meant for <unk> is written to row 0, which is the padding row',
 'link': 'https://github.com/brightmart/nlu_sim/issues/1',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'padding_idx = 0 holds the mean vector; row 1 (<unk>) has its own draw',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix, n=150, d=25):
    table = torch.randn(n, d) * 0.4 + 0.05
    table[1 if fix else 0] = table[2:].mean(0)
    if fix:
        table[0] = 0
    return nn.Sequential(nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0), nn.Linear(d, 3))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[0, 1, 2]]),)
