"""s49 (class 4): the forget bias is set in bias_hh_l0 only: the other layers and directions keep the
    default

Link: https://github.com/google-research/flood-forecasting/pull/289
Numerically: one of four recurrent biases has 3.0 in its forget block
Expected finding: init_not_applied, wrong_gate_init  [visible from M: the live module object
    (attributes, identity, registration)]
"""
META = {'id': 's49',
 'cls': 4,
 'title': 'the forget bias is set in bias_hh_l0 only: the other layers and directions keep the default',
 'link': 'https://github.com/google-research/flood-forecasting/pull/289',
 'also': [],
 'level': 'M',
 'expect': ['init_not_applied', 'wrong_gate_init'],
 'sees': 'one of four recurrent biases has 3.0 in its forget block',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, h=32):
        super().__init__()
        self.lstm, self.out = nn.LSTM(8, h, num_layers=2, bidirectional=True, batch_first=True), nn.Linear(2 * h, 1)
        for name, p in self.lstm.named_parameters():
            if name == "bias_hh_l0" or fix and name.startswith("bias_hh"):
                p.data[h:2 * h] = 3.0

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 6, 8),)
