"""r04 (class 1): the matching models build nn.Embedding without padding_idx: the pad token 0 is embedded and trained

Link: https://github.com/NTMC-Community/MatchZoo-py/pull/80
Numerically: row 0 is N(0, 1) like the words and receives gradient from every padded text
Expected finding: padding_row_gets_gradient, padding_row_nonzero  [visible from F]
"""
META = {'id': 'r04',
 'cls': 1,
 'title': 'the matching models build nn.Embedding without padding_idx: the pad token 0 is embedded and '
          'trained',
 'link': 'https://github.com/NTMC-Community/MatchZoo-py/pull/80',
 'also': [],
 'level': 'F',
 'expect': ['padding_row_gets_gradient', 'padding_row_nonzero'],
 'sees': 'row 0 is N(0, 1) like the words and receives gradient from every padded text',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'padding_idx': {'embedding': 0}}}

import torch
from torch import nn

class ArcI(nn.Module):
    def __init__(self, fix, vocab=90, d=20):
        super().__init__()
        self.embedding = nn.Embedding(vocab, d, padding_idx=0 if fix else None)
        self.left = nn.Sequential(nn.Conv1d(d, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool1d(2))
        self.right = nn.Sequential(nn.Conv1d(d, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool1d(2))
        self.out = nn.Linear(64, 1)

    def forward(self, left, right):
        a = self.left(self.embedding(left).transpose(1, 2)).flatten(1)
        b = self.right(self.embedding(right).transpose(1, 2)).flatten(1)
        return self.out(torch.cat([a, b], 1))

def _make(fix):
    return ArcI(fix)

def example_input():
    return torch.tensor([[3, 4, 5, 0, 0], [6, 7, 0, 0, 0]]), torch.tensor([[8, 9, 10, 11, 0], [12, 0, 0, 0, 0]])

def build():
    return _make(False)

def build_fixed():
    return _make(True)
