"""q10 (control): LSTM: xavier input weights, orthogonal blocks, zero biases but 1 in the forget gate

Link: https://proceedings.mlr.press/v37/jozefowicz15.html
Why it is NOT a bug: the bias is constant by parts
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q10',
 'cls': 'control',
 'title': 'LSTM: xavier input weights, orthogonal blocks, zero biases but 1 in the forget gate',
 'link': 'https://proceedings.mlr.press/v37/jozefowicz15.html',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the bias is constant by parts',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    m = nn.LSTM(24, 32, batch_first=True)
    with torch.no_grad():
        nn.init.xavier_uniform_(m.weight_ih_l0)
        for k in range(4):
            nn.init.orthogonal_(m.weight_hh_l0[k * 32:(k + 1) * 32])
        m.bias_ih_l0.zero_()
        m.bias_hh_l0.zero_()
        m.bias_ih_l0[32:64] = 1.0
    return m

def example_input():
    return (torch.randn(2, 5, 24),)
