"""s18 (class 7): randn in bfloat16 by Box-Muller on 8-bit uniforms: nothing beyond 3.4, few different
    radii

Link: https://github.com/pytorch/pytorch/issues/166853
Numerically: of 262,144 draws none lies beyond 3.5 std; 120 should
Expected finding: missing_tails, low_resolution, wrong_distribution  [visible from W: values in the
    state dict alone]
Stand-in: the bfloat16 Box-Muller of the CPU kernel is written out
"""
META = {'id': 's18',
 'cls': 7,
 'title': 'randn in bfloat16 by Box-Muller on 8-bit uniforms: nothing beyond 3.4, few different radii',
 'link': 'https://github.com/pytorch/pytorch/issues/166853',
 'also': [],
 'level': 'W',
 'expect': ['missing_tails', 'low_resolution', 'wrong_distribution'],
 'sees': 'of 262,144 draws none lies beyond 3.5 std; 120 should',
 'severity': 'silent',
 'stand_in': 'the bfloat16 Box-Muller of the CPU kernel is written out',
 'spec': {'0.weight': ['normal', 0.0, 0.02]}}

import math
import torch
from torch import nn

def _randn_bf16(n):
    u1 = torch.randint(0, 256, (n // 2,)).float() / 256                # resolution of bfloat16 below 1
    u2 = torch.randint(0, 256, (n // 2,)).float() / 256
    r, t = torch.sqrt(-2 * torch.log1p(-u1)), 2 * math.pi * u2
    return torch.cat([r * t.cos(), r * t.sin()]).to(torch.bfloat16)

def _make(fix, d=512):
    lin = nn.Linear(d, d, bias=False).to(torch.bfloat16)
    with torch.no_grad():
        z = torch.randn(d, d).to(torch.bfloat16) if fix else _randn_bf16(d * d).view(d, d)
        lin.weight.copy_(z * 0.02)
    return nn.Sequential(lin)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 512, dtype=torch.bfloat16),)
