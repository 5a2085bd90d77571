"""m22 (class 4): orthogonal_ on the fused (3H, H) recurrent weight of a GRU: no gate is orthogonal by
itself

Link: https://github.com/vwxyzjn/cleanrl/issues/358
Numerically: each gate block has std 1/sqrt(3) of an orthogonal matrix
Expected finding: wrong_gate_init, scale_too_small  [visible from S: the author's declared intention
    (spec)]
"""
META = {'id': 'm22',
 'cls': 4,
 'title': 'orthogonal_ on the fused (3H, H) recurrent weight of a GRU: no gate is orthogonal by itself',
 'link': 'https://github.com/vwxyzjn/cleanrl/issues/358',
 'also': [],
 'level': 'S',
 'expect': ['wrong_gate_init', 'scale_too_small'],
 'sees': 'each gate block has std 1/sqrt(3) of an orthogonal matrix',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'rnn.weight_hh_l0*': ['orthogonal', 'per gate']}}

import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, fix, h=48):
        super().__init__()
        self.rnn = nn.GRU(20, h, bidirectional=True, batch_first=True)
        for name, p in self.rnn.named_parameters():
            if "weight_hh" in name:
                for w in (p.data.chunk(3) if fix else [p.data]):
                    nn.init.orthogonal_(w)

    def forward(self, x):
        return self.rnn(x)[0]

def _make(fix):
    return Encoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 6, 20),)
