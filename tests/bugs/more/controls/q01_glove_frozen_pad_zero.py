"""q01 (control): a frozen pretrained table with a zero padding row

Link: https://github.com/huggingface/optimum-graphcore/pull/304
Why it is NOT a bug: frozen on purpose, the padding row is zero as declared
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q01',
 'cls': 'control',
 'title': 'a frozen pretrained table with a zero padding row',
 'link': 'https://github.com/huggingface/optimum-graphcore/pull/304',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'frozen on purpose, the padding row is zero as declared',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    vecs = torch.randn(300, 24) * 0.38 + 0.01
    vecs[0] = 0
    emb = nn.Embedding.from_pretrained(vecs, freeze=True, padding_idx=0)
    return nn.Sequential(emb, nn.Flatten(), nn.Linear(24 * 5, 3))

def example_input():
    return (torch.tensor([[4, 9, 8, 0, 0], [7, 1, 2, 3, 0]]),)
