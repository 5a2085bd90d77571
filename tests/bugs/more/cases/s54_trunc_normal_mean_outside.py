"""s54 (class 5): trunc_normal_ with mean=1 keeps the bounds of the zero-mean case: all values crowd at
    the upper bound

Link: https://github.com/pytorch/pytorch/pull/32397
Numerically: values just below 0.04 where 1.0 +- 0.04 was meant
Expected finding: wrong_distribution, mean_not_zero, out_of_bounds, scale_too_small, low_resolution,
    wrong_values  [visible from S: the author's declared intention (spec)]
Stand-in: newer versions sample this tail properly; the clamp is written out
"""
META = {'id': 's54',
 'cls': 5,
 'title': 'trunc_normal_ with mean=1 keeps the bounds of the zero-mean case: all values crowd at the upper '
          'bound',
 'link': 'https://github.com/pytorch/pytorch/pull/32397',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution',
            'mean_not_zero',
            'out_of_bounds',
            'scale_too_small',
            'low_resolution',
            'wrong_values'],
 'sees': 'values just below 0.04 where 1.0 +- 0.04 was meant',
 'severity': 'silent',
 'stand_in': 'newer versions sample this tail properly; the clamp is written out',
 'spec': {'gate.scale': ['trunc_normal', 1.0, 0.02, 0.96, 1.04]}}

import math
import torch
from torch import nn

def _make(fix, d=512, std=0.02):
    gate = nn.Module()
    w = torch.empty(d)
    m = 1.0 if fix else 0.0
    if fix:
        nn.init.trunc_normal_(w, 1.0, std, 1 - 2 * std, 1 + 2 * std)
    else:
        w = (1.0 + std * torch.randn(d)).clamp_(-2 * std, 2 * std)      # what the sampler ends up with
    gate.scale = nn.Parameter(w)
    return nn.ModuleDict({"gate": gate})

def build():
    return _make(False)

def build_fixed():
    return _make(True)
