"""m31 (class 4): a factorization machine on nn.Embedding's N(0, 1): the pairwise term saturates the
sigmoid at once

Link: https://github.com/VinceShieh/spark-ffm/issues/12
Numerically: logits of std about 50 over 20 fields of 16 factors: first loss tens of nats
Expected finding: logit_scale, saturated_units, scale_too_large, exploding_activations  [visible
    from F: one forward pass / first-step gradient]
"""
META = {'id': 'm31',
 'cls': 4,
 'title': "a factorization machine on nn.Embedding's N(0, 1): the pairwise term saturates the sigmoid at "
          'once',
 'link': 'https://github.com/VinceShieh/spark-ffm/issues/12',
 'also': [],
 'level': 'F',
 'expect': ['logit_scale', 'saturated_units', 'scale_too_large', 'exploding_activations'],
 'sees': 'logits of std about 50 over 20 fields of 16 factors: first loss tens of nats',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class FM(nn.Module):
    def __init__(self, fix, fields=20, n=400, k=16):
        super().__init__()
        self.linear, self.factors = nn.Embedding(n, 1), nn.Embedding(n, k)
        nn.init.zeros_(self.linear.weight)
        if fix:
            nn.init.normal_(self.factors.weight, 0.0, 0.01)
        self.sigmoid = nn.Sigmoid()

    def forward(self, ids):
        e = self.factors(ids)
        pairs = 0.5 * (e.sum(1).pow(2) - e.pow(2).sum(1)).sum(-1)
        return self.sigmoid(self.linear(ids).sum((1, 2)) + pairs)

def _make(fix):
    return FM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 400, (64, 20)),)
