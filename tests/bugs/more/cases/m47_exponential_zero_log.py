"""m47 (class 7): log of an exponential_() draw that is exactly zero: -inf in a log-rate parameter

Link: https://github.com/pytorch/xla/issues/2562
Numerically: one -inf among 20,000 log rates
Expected finding: nan_inf, not_finite  [visible from W: values in the state dict alone]
Stand-in: the zero of the TPU generator is planted
"""
META = {'id': 'm47',
 'cls': 7,
 'title': 'log of an exponential_() draw that is exactly zero: -inf in a log-rate parameter',
 'link': 'https://github.com/pytorch/xla/issues/2562',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'not_finite'],
 'sees': 'one -inf among 20,000 log rates',
 'severity': 'silent',
 'stand_in': 'the zero of the TPU generator is planted',
 'spec': None}

import torch
from torch import nn

class Hawkes(nn.Module):
    def __init__(self, fix, n=200, k=100):
        super().__init__()
        e = torch.empty(n, k).exponential_()
        if not fix:
            e.view(-1)[torch.randint(0, n * k, (1,))] = 0.0
        self.log_rate = nn.Parameter(e.log())
        self.mix = nn.Linear(k, 8)

    def forward(self, ids):
        return self.mix(torch.softmax(self.log_rate[ids], -1))

def _make(fix):
    return Hawkes(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([1, 2, 3]),)
