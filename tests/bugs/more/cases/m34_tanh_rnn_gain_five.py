"""m34 (class 4): recurrent cell weights drawn U(-1, 1): tanh sits on its flat parts from the first
step

Link: https://github.com/speechbrain/speechbrain/issues/104
Numerically: pre-activations of std about 6.5: 80% of the units beyond |h| > 0.98
Expected finding: saturated_units, scale_too_large  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 'm34',
 'cls': 4,
 'title': 'recurrent cell weights drawn U(-1, 1): tanh sits on its flat parts from the first step',
 'link': 'https://github.com/speechbrain/speechbrain/issues/104',
 'also': [],
 'level': 'F',
 'expect': ['saturated_units', 'scale_too_large'],
 'sees': 'pre-activations of std about 6.5: 80% of the units beyond |h| > 0.98',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self, fix, i=40, h=128):
        super().__init__()
        self.i2h, self.h2h = nn.Linear(i, h), nn.Linear(h, h)
        self.act = nn.Tanh()
        self.out = nn.Linear(h, 10)
        for p in (self.i2h.weight, self.h2h.weight):
            r = h ** -0.5 if fix else 1.0
            nn.init.uniform_(p, -r, r)

    def forward(self, x):
        h = x.new_zeros(x.shape[0], 128)
        for t in range(x.shape[1]):
            h = self.act(self.i2h(x[:, t]) + self.h2h(h))
        return self.out(h)

def _make(fix):
    return Tagger(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 7, 40),)
