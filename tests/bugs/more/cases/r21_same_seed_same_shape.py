"""r21 (class 3): each layer's numpy generator is made with the same seed: weights of one shape are equal

Link: https://github.com/netket/netket/issues/241
Also: https://github.com/marian-nmt/marian-dev/issues/77
Numerically: fc1.weight == fc2.weight == fc3.weight; the head begins with the same numbers
Expected finding: identical_params, correlated_weights, repeated_draw  [visible from W]
"""
META = {'id': 'r21',
 'cls': 3,
 'title': "each layer's numpy generator is made with the same seed: weights of one shape are equal",
 'link': 'https://github.com/netket/netket/issues/241',
 'also': ['https://github.com/marian-nmt/marian-dev/issues/77'],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'repeated_draw'],
 'sees': 'fc1.weight == fc2.weight == fc3.weight; the head begins with the same numbers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

class FFNN(nn.Module):
    def __init__(self, fix, d=20, seed=0):
        super().__init__()
        self.fc1, self.fc2, self.fc3, self.out = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, 1)
        for i, m in enumerate((self.fc1, self.fc2, self.fc3, self.out)):
            draw = np.random.default_rng(seed + i if fix else seed)
            m.weight.data.copy_(torch.from_numpy(draw.normal(0, d ** -0.5, tuple(m.weight.shape))))
            m.bias.data.zero_()

    def forward(self, x):
        return self.out(torch.tanh(self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))))

def _make(fix):
    return FFNN(fix, seed=int(torch.randint(0, 2 ** 31, ())))

def example_input():
    return (torch.randn(5, 20),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
