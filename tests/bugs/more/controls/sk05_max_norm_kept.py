"""sk05 (control): nn.Embedding(max_norm=2) whose rows are drawn short enough

Link: https://github.com/pytorch/pytorch/issues/26596
Why it is NOT a bug: no lookup rewrites anything
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk05',
 'cls': 'control',
 'title': 'nn.Embedding(max_norm=2) whose rows are drawn short enough',
 'link': 'https://github.com/pytorch/pytorch/issues/26596',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'no lookup rewrites anything',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def build():
    emb = nn.Embedding(100, 16, max_norm=2.0)
    with torch.no_grad():
        emb.weight.uniform_(-0.3, 0.3)
    return nn.Sequential(emb, nn.Linear(16, 4))

def example_input():
    return (torch.randint(0, 100, (2, 5)),)
