"""s20 (class 7): the same seed gives other weights in float64 than in float32 (from 16 values on)

Link: https://github.com/pytorch/pytorch/issues/79703
Numerically: weights are valid but do not equal those of the float32 run with the same seed
Expected finding: not_reproducible, ckpt_mismatch  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 's20',
 'cls': 7,
 'title': 'the same seed gives other weights in float64 than in float32 (from 16 values on)',
 'link': 'https://github.com/pytorch/pytorch/issues/79703',
 'also': [],
 'level': 'R',
 'expect': ['not_reproducible', 'ckpt_mismatch'],
 'sees': 'weights are valid but do not equal those of the float32 run with the same seed',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

SEED = 7

def _draw(dtype):
    torch.manual_seed(SEED)
    return nn.init.normal_(torch.empty(32, 24, dtype=dtype), std=0.1).float()

def reference_state():
    return {"weight": _draw(torch.float32)}

def _make(fix):
    lin = nn.Linear(24, 32, bias=False)
    with torch.no_grad():
        lin.weight.copy_(_draw(torch.float32 if fix else torch.float64))
    return lin

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 24),)
