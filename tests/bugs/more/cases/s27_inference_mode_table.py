"""s27 (class 9): new token rows are made under inference_mode: the table can no longer be trained

Link: https://github.com/unslothai/unsloth-zoo/pull/137
Numerically: RuntimeError at the first backward or in-place update: Inference tensors cannot be
    saved for backward
Expected finding: inference_tensor  [visible from M: the live module object (attributes, identity,
    registration)]
"""
META = {'id': 's27',
 'cls': 9,
 'title': 'new token rows are made under inference_mode: the table can no longer be trained',
 'link': 'https://github.com/unslothai/unsloth-zoo/pull/137',
 'also': [],
 'level': 'M',
 'expect': ['inference_tensor'],
 'sees': 'RuntimeError at the first backward or in-place update: Inference tensors cannot be saved for '
         'backward',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, n=60, d=16):
        super().__init__()
        self.emb = nn.Embedding(n, d)
        self.head = nn.Linear(d, n, bias=False)

    def forward(self, ids):
        return self.head(self.emb(ids).tanh())

def _add_tokens(net, k):
    old = net.head.weight
    new = torch.cat([old, old.mean(0) + 0.02 * torch.randn(k, old.shape[1])])
    net.head = nn.Linear(new.shape[1], new.shape[0], bias=False)
    net.head.weight = nn.Parameter(new)

def _make(fix):
    net = LM()
    with torch.no_grad() if fix else torch.inference_mode():
        _add_tokens(net, 4)
    return net

def probe(net):
    net(torch.tensor([[1, 2, 3]])).sum().backward()

def build():
    return _make(False)

def build_fixed():
    return _make(True)
