"""t02 (class 1): init_weights draws the encoder, zeroes its padding row, then draws the decoder, which is the same tensor

Link: https://github.com/pytorch/examples/pull/775
Numerically: encoder.weight[0] is U(-0.1, 0.1) like every other row
Expected finding: padding_row_nonzero  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 't02',
 'cls': 1,
 'title': 'init_weights draws the encoder, zeroes its padding row, then draws the decoder, which is the same '
          'tensor',
 'link': 'https://github.com/pytorch/examples/pull/775',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'encoder.weight[0] is U(-0.1, 0.1) like every other row',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class RNNModel(nn.Module):
    def __init__(self, fix, v=200, d=48):
        super().__init__()
        self.encoder = nn.Embedding(v, d, padding_idx=0)
        self.rnn = nn.GRU(d, d, batch_first=True)
        self.decoder = nn.Linear(d, v)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.encoder.weight[0])
        nn.init.zeros_(self.decoder.bias)
        if not fix:
            nn.init.uniform_(self.decoder.weight, -0.1, 0.1)

    def forward(self, ids):
        return self.decoder(self.rnn(self.encoder(ids))[0])

def _make(fix):
    return RNNModel(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(1, 200, (3, 9)),)
