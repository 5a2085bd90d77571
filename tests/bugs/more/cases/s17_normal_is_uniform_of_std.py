"""s17 (class 5): the 'normal' initialization draws uniform_(-std, std)

Link: https://github.com/ustcllm/RecStudio/pull/57
Numerically: flat on +-0.02, std 0.0115 instead of 0.02
Expected finding: wrong_distribution, scale_too_small, missing_tails  [visible from S: the author's
    declared intention (spec)]
"""
META = {'id': 's17',
 'cls': 5,
 'title': "the 'normal' initialization draws uniform_(-std, std)",
 'link': 'https://github.com/ustcllm/RecStudio/pull/57',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'scale_too_small', 'missing_tails'],
 'sees': 'flat on +-0.02, std 0.0115 instead of 0.02',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'user.weight': ['normal', 0.0, 0.02], 'item.weight': ['normal', 0.0, 0.02]}}

import math
import torch
from torch import nn

def _make(fix, n=200, d=32, std=0.02):
    net = nn.ModuleDict({"user": nn.Embedding(n, d), "item": nn.Embedding(n, d)})
    for e in net.values():
        nn.init.normal_(e.weight, 0.0, std) if fix else nn.init.uniform_(e.weight, -std, std)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)
