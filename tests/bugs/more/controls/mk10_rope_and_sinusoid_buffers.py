"""mk10 (control): sinusoidal table and rotary inverse frequencies as buffers

Link: https://github.com/pytorch/pytorch/issues/24826
Why it is NOT a bug: deterministic tables
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk10',
 'cls': 'control',
 'title': 'sinusoidal table and rotary inverse frequencies as buffers',
 'link': 'https://github.com/pytorch/pytorch/issues/24826',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'deterministic tables',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, n=50, d=64):
        super().__init__()
        pos, div = torch.arange(n)[:, None], torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
        pe = torch.zeros(n, d)
        pe[:, 0::2], pe[:, 1::2] = torch.sin(pos * div), torch.cos(pos * div)
        self.register_buffer("pe", pe[None])
        self.register_buffer("inv_freq", 1.0 / 10000 ** (torch.arange(0, d, 2) / d), persistent=False)
        self.register_buffer("mask", torch.tril(torch.ones(n, n)).bool(), persistent=False)
        self.fc = nn.Linear(d, d)

    def forward(self, x):
        return self.fc(x + self.pe[:, : x.shape[1]])

def build():
    return Net()

def example_input():
    return (torch.randn(2, 11, 64),)
