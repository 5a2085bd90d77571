"""t11 (class 6): the initial forget bias of 3 is set on bias_hh_l0 only: the upper layers and the reverse direction keep the default

Link: https://github.com/google-research/flood-forecasting/pull/289
Numerically: the forget quarter of bias_hh_l0 is 3, that of bias_hh_l0_reverse, l1 and l1_reverse is
    U(-1/8, 1/8)
Expected finding: wrong_gate_init, init_not_applied  [visible from W: values in the state dict
    alone]
"""
META = {'id': 't11',
 'cls': 6,
 'title': 'the initial forget bias of 3 is set on bias_hh_l0 only: the upper layers and the reverse '
          'direction keep the default',
 'link': 'https://github.com/google-research/flood-forecasting/pull/289',
 'also': [],
 'level': 'W',
 'expect': ['wrong_gate_init', 'init_not_applied'],
 'sees': 'the forget quarter of bias_hh_l0 is 3, that of bias_hh_l0_reverse, l1 and l1_reverse is U(-1/8, '
         '1/8)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class CudaLSTM(nn.Module):
    def __init__(self, fix, n_in=11, h=64):
        super().__init__()
        self.lstm = nn.LSTM(n_in, h, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(2 * h, 1)
        for name, p in self.lstm.named_parameters():
            if name == "bias_hh_l0" or (fix and name.startswith("bias_hh")):
                with torch.no_grad():
                    p[h : 2 * h] = 3.0

    def forward(self, x):
        return self.head(self.lstm(x)[0])

def _make(fix):
    return CudaLSTM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 12, 11),)
