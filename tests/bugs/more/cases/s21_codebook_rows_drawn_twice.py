"""s21 (class 7): codebook initialised from samples that multinomial without replacement drew several
    times

Link: https://github.com/pytorch/pytorch/issues/16709
Also: https://github.com/pytorch/pytorch/issues/25030
Numerically: codes that are equal: one of each pair can never be chosen
Expected finding: duplicate_rows  [visible from W: values in the state dict alone]
Stand-in: the faulty sampler is replaced by one with replacement
"""
META = {'id': 's21',
 'cls': 7,
 'title': 'codebook initialised from samples that multinomial without replacement drew several times',
 'link': 'https://github.com/pytorch/pytorch/issues/16709',
 'also': ['https://github.com/pytorch/pytorch/issues/25030'],
 'level': 'W',
 'expect': ['duplicate_rows'],
 'sees': 'codes that are equal: one of each pair can never be chosen',
 'severity': 'silent',
 'stand_in': 'the faulty sampler is replaced by one with replacement',
 'spec': None}

import math
import torch
from torch import nn

def _make(fix, n=300, k=128, d=16):
    data = torch.randn(n, d)
    pick = torch.randperm(n)[:k] if fix else torch.randint(0, n, (k,))
    return nn.Sequential(nn.Embedding.from_pretrained(data[pick].clone(), freeze=False))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 128, (4, 5)),)
