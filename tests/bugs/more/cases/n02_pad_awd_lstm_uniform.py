"""n02 (class 1): AWD-LSTM fills its encoder with U(-0.1, 0.1) after construction, over the zero
    padding row

Link: https://github.com/fastai/fastai/pull/2517
Numerically: padding_idx=1, row 1 is uniform noise of +-0.1
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'n02',
 'cls': 1,
 'title': 'AWD-LSTM fills its encoder with U(-0.1, 0.1) after construction, over the zero padding row',
 'link': 'https://github.com/fastai/fastai/pull/2517',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'padding_idx=1, row 1 is uniform noise of +-0.1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class AWD(nn.Module):
    initrange = 0.1

    def __init__(self, fix, vocab=300, emb=40, hid=56, pad=1):
        super().__init__()
        self.encoder = nn.Embedding(vocab, emb, padding_idx=pad)
        self.rnns = nn.ModuleList([nn.LSTM(emb, hid, batch_first=True), nn.LSTM(hid, emb, batch_first=True)])
        self.encoder.weight.data.uniform_(-self.initrange, self.initrange)
        if fix:
            self.encoder.weight.data[pad] = 0.0

    def forward(self, x):
        x = self.encoder(x)
        for r in self.rnns:
            x, _ = r(x)
        return x

def _make(fix):
    return AWD(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(2, 300, (2, 11)),)
