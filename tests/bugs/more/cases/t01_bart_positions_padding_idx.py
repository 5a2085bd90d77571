"""t01 (class 1): learned positions are made with padding_idx=1 and counted from 0: position 1 is the zero row and is never trained

Link: https://github.com/huggingface/transformers/pull/10200
Numerically: row 1 of the position table is zero and gets no gradient, though every sentence has a
    position 1
Expected finding: unexpected_zero_row, padding_row_gets_gradient, frozen_parameter  [visible from F:
    one forward pass or first-step gradient with an example input]
"""
META = {'id': 't01',
 'cls': 1,
 'title': 'learned positions are made with padding_idx=1 and counted from 0: position 1 is the zero row and '
          'is never trained',
 'link': 'https://github.com/huggingface/transformers/pull/10200',
 'also': [],
 'level': 'F',
 'expect': ['unexpected_zero_row', 'padding_row_gets_gradient', 'frozen_parameter'],
 'sees': 'row 1 of the position table is zero and gets no gradient, though every sentence has a position 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class LearnedPositions(nn.Embedding):
    def __init__(self, n, d, fix):
        self.offset = 2 if fix else 0
        super().__init__(n + self.offset, d, padding_idx=None if fix else 1)

    def forward(self, ids):
        where = torch.arange(ids.shape[1], device=ids.device)
        return super().forward((where + self.offset).expand(ids.shape))

class Encoder(nn.Module):
    def __init__(self, fix, v=120, d=32):
        super().__init__()
        self.embed_tokens = nn.Embedding(v, d, padding_idx=1)
        self.embed_positions = LearnedPositions(40, d, fix)
        self.norm = nn.LayerNorm(d)
        self.fc = nn.Linear(d, d)
        for e in (self.embed_tokens, self.embed_positions):
            nn.init.normal_(e.weight, 0, 0.02)
            if e.padding_idx is not None:
                nn.init.zeros_(e.weight[e.padding_idx])

    def forward(self, ids):
        return self.fc(self.norm(self.embed_tokens(ids) + self.embed_positions(ids)))

def _make(fix):
    return Encoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(2, 120, (4, 40)),)
