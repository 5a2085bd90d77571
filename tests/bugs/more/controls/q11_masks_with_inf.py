"""q11 (control): a causal mask buffer of 0 and -inf, and ALiBi slopes

Link: https://github.com/OpenNMT/OpenNMT-py/pull/240
Why it is NOT a bug: -inf and repeated values in buffers by design
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q11',
 'cls': 'control',
 'title': 'a causal mask buffer of 0 and -inf, and ALiBi slopes',
 'link': 'https://github.com/OpenNMT/OpenNMT-py/pull/240',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': '-inf and repeated values in buffers by design',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Attn(nn.Module):
    def __init__(self, d=32, h=4, n=16):
        super().__init__()
        self.h = h
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.register_buffer("mask", torch.full((n, n), float("-inf")).triu(1), persistent=False)
        self.register_buffer("slopes", 2.0 ** (-8 * torch.arange(1, h + 1) / h), persistent=False)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.h, -1).permute(2, 0, 3, 1, 4)
        bias = self.slopes[:, None, None] * torch.arange(n) + self.mask[:n, :n]
        return self.out(((q @ k.transpose(-1, -2) / 3 + bias).softmax(-1) @ v).transpose(1, 2).reshape(b, n, d))

def build():
    return Attn()

def example_input():
    return (torch.randn(2, 7, 32),)
