"""m30 (class 4): initrange = 1 // (2 * dim): integer division leaves both skip-gram tables at zero,
where nothing can learn

Link: https://github.com/theeluwin/pytorch-sgns/issues/6
Numerically: input and output tables exactly zero: their product has no gradient
Expected finding: all_zero_param, all_zero, dead_gradient  [visible from W: values in the state dict
    alone]
"""
META = {'id': 'm30',
 'cls': 4,
 'title': 'initrange = 1 // (2 * dim): integer division leaves both skip-gram tables at zero, where nothing '
          'can learn',
 'link': 'https://github.com/theeluwin/pytorch-sgns/issues/6',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'all_zero', 'dead_gradient'],
 'sees': 'input and output tables exactly zero: their product has no gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class SkipGram(nn.Module):
    def __init__(self, fix, v=200, d=32):
        super().__init__()
        self.u_embeddings, self.v_embeddings = nn.Embedding(v, d), nn.Embedding(v, d)
        initrange = 0.5 / d if fix else 1 // (2 * d)
        self.u_embeddings.weight.data.uniform_(-initrange, initrange)
        self.v_embeddings.weight.data.uniform_(-0.0, 0.0)

    def forward(self, u, v):
        return nn.functional.logsigmoid((self.u_embeddings(u) * self.v_embeddings(v)).sum(-1))

def _make(fix):
    return SkipGram(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 200, (16,)), torch.randint(0, 200, (16,)))
