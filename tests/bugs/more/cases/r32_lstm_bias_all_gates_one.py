"""r32 (class 6): the forget gate's bias was to be 1: fill_ sets all four gates of the bias

Link: https://github.com/kngwyu/Rainy/pull/17
Numerically: bias_ih and bias_hh are 1 everywhere: input, cell and output gates are shifted as well
Expected finding: wrong_gate_init, special_init_overwritten, init_not_applied  [visible from M]
"""
META = {'id': 'r32',
 'cls': 6,
 'title': "the forget gate's bias was to be 1: fill_ sets all four gates of the bias",
 'link': 'https://github.com/kngwyu/Rainy/pull/17',
 'also': [],
 'level': 'M',
 'expect': ['wrong_gate_init', 'special_init_overwritten', 'init_not_applied'],
 'sees': 'bias_ih and bias_hh are 1 everywhere: input, cell and output gates are shifted as well',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Core(nn.Module):
    def __init__(self, fix, d=20, h=24):
        super().__init__()
        self.lstm = nn.LSTM(d, h, batch_first=True)
        for name, p in self.lstm.named_parameters():
            if "weight" in name:
                for block in p.data.chunk(4):
                    nn.init.orthogonal_(block)
            elif not fix:
                p.data.fill_(1.0)
            else:
                p.data.zero_()
                if "bias_hh" in name:
                    p.data[h : 2 * h].fill_(1.0)
        self.out = nn.Linear(h, 3)

    def forward(self, x):
        return self.out(self.lstm(x)[0])

def _make(fix):
    return Core(fix)

def example_input():
    return (torch.randn(3, 7, 20),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
