"""n47 (class 3): activation modules with parameters built once, as default arguments: encoder and
    decoder share them

Link: https://github.com/pmelchior/spender/pull/28
Numerically: encoder.1 and decoder.1 are one Speculator object (beta, gamma)
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'n47',
 'cls': 3,
 'title': 'activation modules with parameters built once, as default arguments: encoder and decoder share '
          'them',
 'link': 'https://github.com/pmelchior/spender/pull/28',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'encoder.1 and decoder.1 are one Speculator object (beta, gamma)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Speculator(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.beta, self.gamma = nn.Parameter(torch.randn(d)), nn.Parameter(torch.randn(d))

    def forward(self, x):
        return (self.gamma + (1 - self.gamma) * torch.sigmoid(self.beta * x)) * x

def _mlp(fix):
    class MLP(nn.Sequential):
        def __init__(self, i, o, act=(Speculator(32),)):
            act = (Speculator(32),) if fix else act
            super().__init__(nn.Linear(i, 32), act[0], nn.Linear(32, o))
    return MLP

class AE(nn.Module):
    def __init__(self, fix):
        super().__init__()
        MLP = _mlp(fix)
        self.encoder, self.decoder = MLP(60, 6), MLP(6, 60)

    def forward(self, x):
        return self.decoder(self.encoder(x))

def _make(fix):
    return AE(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 60),)
