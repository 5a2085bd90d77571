"""s35 (class 10): decoder.weight = encoder.weight after the optimizer was made: it keeps stepping the
    old decoder

Link: https://github.com/namisan/mt-dnn/pull/40
Numerically: the optimizer holds a matrix that the model no longer has
Expected finding: stale_optimizer  [visible from M: the live module object (attributes, identity,
    registration)]
"""
META = {'id': 's35',
 'cls': 10,
 'title': 'decoder.weight = encoder.weight after the optimizer was made: it keeps stepping the old decoder',
 'link': 'https://github.com/namisan/mt-dnn/pull/40',
 'also': [],
 'level': 'M',
 'expect': ['stale_optimizer'],
 'sees': 'the optimizer holds a matrix that the model no longer has',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, fix, n=80, d=16):
        super().__init__()
        self.encoder, self.decoder = nn.Embedding(n, d), nn.Linear(d, n)
        nn.init.normal_(self.encoder.weight, std=0.02)
        if fix:
            self.decoder.weight = self.encoder.weight
        self.optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
        if not fix:
            self.decoder.weight = self.encoder.weight

    def forward(self, ids):
        return self.decoder(self.encoder(ids))

def _make(fix):
    return LM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 80, (2, 7)),)
