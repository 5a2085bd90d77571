"""s60 (class 10): Embedding.from_pretrained freezes unless told otherwise: the table that was to be
    fine-tuned never moves

Link: https://github.com/huggingface/optimum-graphcore/pull/304
Also: https://github.com/RUCAIBox/RecBole/issues/2046
Numerically: weight.requires_grad is False
Expected finding: frozen_parameter  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's60',
 'cls': 10,
 'title': 'Embedding.from_pretrained freezes unless told otherwise: the table that was to be fine-tuned '
          'never moves',
 'link': 'https://github.com/huggingface/optimum-graphcore/pull/304',
 'also': ['https://github.com/RUCAIBox/RecBole/issues/2046'],
 'level': 'S',
 'expect': ['frozen_parameter'],
 'sees': 'weight.requires_grad is False',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'trainable': {'emb.weight': True}}}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, n=80, d=16):
        super().__init__()
        vectors = torch.randn(n, d) * 0.4
        self.emb = nn.Embedding.from_pretrained(vectors, **({"freeze": False} if fix else {}))
        self.fc = nn.Linear(d, 2)

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
