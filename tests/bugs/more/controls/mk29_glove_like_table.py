"""mk29 (control): a pretrained table: rows of different lengths, heavy tails, zero padding row

Link: https://nlp.stanford.edu/projects/glove/
Why it is NOT a bug: trained vectors are no draw
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk29',
 'cls': 'control',
 'title': 'a pretrained table: rows of different lengths, heavy tails, zero padding row',
 'link': 'https://nlp.stanford.edu/projects/glove/',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'trained vectors are no draw',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build(n=500, d=50):
    base = torch.randn(n, d) * (0.2 + 0.4 * torch.rand(n, 1)) + 0.3 * torch.randn(1, d) * torch.rand(n, 1)
    base[0] = 0
    return nn.Sequential(nn.Embedding.from_pretrained(base, freeze=False, padding_idx=0), nn.Linear(d, 4))

def example_input():
    return (torch.randint(1, 500, (2, 7)),)
