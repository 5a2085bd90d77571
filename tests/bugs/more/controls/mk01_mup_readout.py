"""mk01 (control): muP: zero readout, hidden std 1/sqrt(d), forward multiplier on the logits

Link: https://arxiv.org/abs/2203.03466
Why it is NOT a bug: maximal update parametrization: widths enter by multipliers
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk01',
 'cls': 'control',
 'title': 'muP: zero readout, hidden std 1/sqrt(d), forward multiplier on the logits',
 'link': 'https://arxiv.org/abs/2203.03466',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'maximal update parametrization: widths enter by multipliers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class MuMLP(nn.Module):
    def __init__(self, d=256, base=64):
        super().__init__()
        self.embed, self.hidden, self.readout = nn.Linear(32, d), nn.Linear(d, d), nn.Linear(d, 10)
        nn.init.normal_(self.embed.weight, 0.0, 1.0 / math.sqrt(32))
        nn.init.normal_(self.hidden.weight, 0.0, 1.0 / math.sqrt(d))
        nn.init.zeros_(self.readout.weight)
        self.mult = base / d

    def forward(self, x):
        return self.readout(torch.relu(self.hidden(torch.relu(self.embed(x))))) * self.mult

def build():
    return MuMLP()

def example_input():
    return (torch.randn(16, 32),)
