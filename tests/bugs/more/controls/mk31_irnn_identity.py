"""mk31 (control): IRNN: recurrent weight is the identity, input weights N(0, 0.001)

Link: https://arxiv.org/abs/1504.00941
Why it is NOT a bug: identity on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk31',
 'cls': 'control',
 'title': 'IRNN: recurrent weight is the identity, input weights N(0, 0.001)',
 'link': 'https://arxiv.org/abs/1504.00941',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'identity on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(i=24, h=40):
    rnn = nn.RNN(i, h, nonlinearity="relu", batch_first=True)
    nn.init.eye_(rnn.weight_hh_l0)
    nn.init.normal_(rnn.weight_ih_l0, 0.0, 0.001)
    nn.init.zeros_(rnn.bias_ih_l0)
    nn.init.zeros_(rnn.bias_hh_l0)
    return rnn

def example_input():
    return (torch.randn(4, 10, 24),)
