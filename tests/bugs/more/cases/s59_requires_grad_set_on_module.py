"""s59 (class 10): self.emb.requires_grad = False sets an attribute of the module: the table is trained
    all the same

Link: https://github.com/catalyst-team/catalyst/issues/79
Also: https://github.com/CSCYQJ/MICCAI23-ProtoContra-SFDA/issues/18
Numerically: emb.weight.requires_grad is still True
Expected finding: frozen_parameter  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's59',
 'cls': 10,
 'title': 'self.emb.requires_grad = False sets an attribute of the module: the table is trained all the same',
 'link': 'https://github.com/catalyst-team/catalyst/issues/79',
 'also': ['https://github.com/CSCYQJ/MICCAI23-ProtoContra-SFDA/issues/18'],
 'level': 'S',
 'expect': ['frozen_parameter'],
 'sees': 'emb.weight.requires_grad is still True',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'trainable': {'emb.weight': False}}}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, n=80, d=16):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(torch.randn(n, d) * 0.4, freeze=False)
        self.fc = nn.Linear(d, 2)
        if fix:
            self.emb.requires_grad_(False)
        else:
            self.emb.requires_grad = False

    def forward(self, ids):
        return self.fc(self.emb(ids).mean(1))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 80, (4, 6)),)
