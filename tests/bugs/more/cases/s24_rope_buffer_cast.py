"""s24 (class 9): model.to(bfloat16) casts inv_freq as well: the rotary angles are computed from
    rounded frequencies

Link: https://github.com/EleutherAI/gpt-neox/issues/1003
Also: https://github.com/huggingface/transformers/issues/25681
Also: https://github.com/NVIDIA/Megatron-LM/issues/744
Numerically: at position 2000 the angle is off by several radians
Expected finding: buffer_precision  [visible from M: the live module object (attributes, identity,
    registration)]
"""
META = {'id': 's24',
 'cls': 9,
 'title': 'model.to(bfloat16) casts inv_freq as well: the rotary angles are computed from rounded '
          'frequencies',
 'link': 'https://github.com/EleutherAI/gpt-neox/issues/1003',
 'also': ['https://github.com/huggingface/transformers/issues/25681',
          'https://github.com/NVIDIA/Megatron-LM/issues/744'],
 'level': 'M',
 'expect': ['buffer_precision'],
 'sees': 'at position 2000 the angle is off by several radians',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Rotary(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / 10000 ** (torch.arange(0, dim, 2).float() / dim), persistent=False)

    def forward(self, n):
        t = torch.arange(n, dtype=torch.float32)
        return torch.outer(t, self.inv_freq.float()).cos()

class Net(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.rotary, self.proj = Rotary(d), nn.Linear(d, d)

    def forward(self, x):
        c = self.rotary(x.shape[1]).repeat(1, 2)
        return self.proj(x * c.to(x.dtype))

def _make(fix):
    net = Net()
    keep = net.rotary.inv_freq.clone()
    net = net.to(torch.bfloat16)
    if fix:
        net.rotary.inv_freq = keep
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 20, 32, dtype=torch.bfloat16),)
