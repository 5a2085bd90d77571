"""n33 (class 3): RetNetDecoder deep-copies the layer it is given

Link: https://github.com/fkodom/yet-another-retnet/issues/27
Numerically: all decoder layers hold the same random matrices
Expected finding: identical_params  [visible from W: values in the state dict alone]
"""
META = {'id': 'n33',
 'cls': 3,
 'title': 'RetNetDecoder deep-copies the layer it is given',
 'link': 'https://github.com/fkodom/yet-another-retnet/issues/27',
 'also': [],
 'level': 'W',
 'expect': ['identical_params'],
 'sees': 'all decoder layers hold the same random matrices',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

class Layer(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(d, d, bias=False) for _ in range(3))
        self.out = nn.Linear(d, d, bias=False)
        self.norm = nn.LayerNorm(d)

    def forward(self, x):
        h = self.norm(x)
        n = x.shape[1]
        decay = (0.9 ** (torch.arange(n)[:, None] - torch.arange(n))).tril()
        return x + self.out((self.q(h) @ self.k(h).transpose(1, 2) / 6 * decay) @ self.v(h))

class Decoder(nn.Module):
    def __init__(self, layer, n, fix):
        super().__init__()
        self.layers = nn.ModuleList([copy.deepcopy(layer) for _ in range(n)])
        if fix:
            for m in self.modules():
                if isinstance(m, nn.Linear):
                    m.reset_parameters()

    def forward(self, x):
        for l in self.layers:
            x = l(x)
        return x

def _make(fix):
    return Decoder(Layer(32), 3, fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 6, 32),)
