"""m54 (class 7): A = uniform_(0, 16) drawn in bfloat16 is exactly 0 for some heads: A_log = log(A) is
-inf there

Link: https://github.com/huggingface/transformers/issues/47831
Numerically: a few of 2,048 decay parameters are -inf
Expected finding: nan_inf, not_finite  [visible from W: values in the state dict alone]
Stand-in: coarse uniforms of 10 bits make the rare zero likely
"""
META = {'id': 'm54',
 'cls': 7,
 'title': 'A = uniform_(0, 16) drawn in bfloat16 is exactly 0 for some heads: A_log = log(A) is -inf there',
 'link': 'https://github.com/huggingface/transformers/issues/47831',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'not_finite'],
 'sees': 'a few of 2,048 decay parameters are -inf',
 'severity': 'silent',
 'stand_in': 'coarse uniforms of 10 bits make the rare zero likely',
 'spec': None}

import torch
from torch import nn

class GatedDelta(nn.Module):
    def __init__(self, fix, d=64, heads=2048):
        super().__init__()
        A = torch.randint(0, 2 ** 8, (heads,)).to(torch.bfloat16) / 2 ** 8 * 16
        if fix:
            A = torch.empty(heads).uniform_(1e-3, 16)
        self.A_log = nn.Parameter(torch.log(A.float()))
        self.proj = nn.Linear(d, heads)

    def forward(self, x):
        return torch.exp(-torch.exp(self.A_log) * nn.functional.softplus(self.proj(x)))

def _make(fix):
    return GatedDelta(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 64),)
