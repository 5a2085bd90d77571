"""m41 (class 5): a normal approximated by the sum of four uniforms: right mean and std, no tails
beyond 3.46 std

Link: https://github.com/torch/TH/pull/4
Numerically: kurtosis 2.7, no value beyond 3.46 std among 262,144
Expected finding: missing_tails, wrong_distribution, out_of_bounds  [visible from S: the author's
    declared intention (spec)]
"""
META = {'id': 'm41',
 'cls': 5,
 'title': 'a normal approximated by the sum of four uniforms: right mean and std, no tails beyond 3.46 std',
 'link': 'https://github.com/torch/TH/pull/4',
 'also': [],
 'level': 'S',
 'expect': ['missing_tails', 'wrong_distribution', 'out_of_bounds'],
 'sees': 'kurtosis 2.7, no value beyond 3.46 std among 262,144',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['normal', 0.0, 0.02]}}

import math

import torch
from torch import nn

def _make(fix, d=512, std=0.02):
    emb = nn.Embedding(d, d)
    with torch.no_grad():
        if fix:
            emb.weight.normal_(0, std)
        else:
            emb.weight.copy_((torch.rand(4, d, d).sum(0) - 2.0) * std * math.sqrt(3.0))
    return nn.Sequential(emb)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 512, (2, 5)),)
