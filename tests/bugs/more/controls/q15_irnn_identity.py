"""q15 (control): IRNN: the recurrent matrix is the identity, the biases zero

Link: https://arxiv.org/abs/1504.00941
Why it is NOT a bug: weight_hh is eye: mostly zeros, every row a unit vector
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q15',
 'cls': 'control',
 'title': 'IRNN: the recurrent matrix is the identity, the biases zero',
 'link': 'https://arxiv.org/abs/1504.00941',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'weight_hh is eye: mostly zeros, every row a unit vector',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    m = nn.RNN(16, 40, nonlinearity="relu", batch_first=True)
    with torch.no_grad():
        nn.init.normal_(m.weight_ih_l0, 0, 0.001)
        nn.init.eye_(m.weight_hh_l0)
        m.bias_ih_l0.zero_()
        m.bias_hh_l0.zero_()
    return m

def example_input():
    return (torch.randn(2, 6, 16),)
