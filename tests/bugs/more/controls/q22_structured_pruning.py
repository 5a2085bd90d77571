"""q22 (control): torch.nn.utils.prune: whole rows masked to zero, weight recomputed from weight_orig

Link: https://docs.pytorch.org/tutorials/intermediate/pruning_tutorial.html
Why it is NOT a bug: zero rows in the effective weight, a 0/1 mask buffer
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q22',
 'cls': 'control',
 'title': 'torch.nn.utils.prune: whole rows masked to zero, weight recomputed from weight_orig',
 'link': 'https://docs.pytorch.org/tutorials/intermediate/pruning_tutorial.html',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'zero rows in the effective weight, a 0/1 mask buffer',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn.utils import prune

def build():
    net = nn.Sequential(nn.Linear(32, 48), nn.ReLU(), nn.Linear(48, 8))
    prune.ln_structured(net[0], "weight", amount=0.25, n=2, dim=0)
    return net

def example_input():
    return (torch.randn(3, 32),)
