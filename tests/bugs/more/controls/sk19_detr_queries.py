"""sk19 (control): DETR: N(0, 1) queries, last box layer zero, class bias -4.6

Link: https://arxiv.org/abs/2010.04159
Why it is NOT a bug: reference points are all the same at the start, on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk19',
 'cls': 'control',
 'title': 'DETR: N(0, 1) queries, last box layer zero, class bias -4.6',
 'link': 'https://arxiv.org/abs/2010.04159',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'reference points are all the same at the start, on purpose',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Head(nn.Module):
    def __init__(self, d=64, n=20, classes=12):
        super().__init__()
        self.query = nn.Embedding(n, d)
        self.attn = nn.MultiheadAttention(d, 4, batch_first=True)
        self.norm = nn.LayerNorm(d)
        self.cls, self.box1, self.box2 = nn.Linear(d, classes), nn.Linear(d, d), nn.Linear(d, 4)
        nn.init.constant_(self.cls.bias, -math.log(99))
        nn.init.zeros_(self.box2.weight)
        nn.init.zeros_(self.box2.bias)

    def forward(self, memory):
        q = self.query.weight.expand(len(memory), -1, -1)
        h = self.norm(q + self.attn(q, memory, memory)[0])
        return self.cls(h), self.box2(torch.relu(self.box1(h))).sigmoid()

def build():
    return Head()

def example_input():
    return (torch.randn(3, 30, 64),)
