"""m56 (class 7): xavier_uniform_(weight.float()) of a half-precision weight: the draw goes to the
copy, the weight stays zero

Link: https://github.com/huggingface/transformers/pull/46030
Numerically: the projection of every layer is exactly 0
Expected finding: all_zero_param, all_zero  [visible from W: values in the state dict alone]
"""
META = {'id': 'm56',
 'cls': 7,
 'title': 'xavier_uniform_(weight.float()) of a half-precision weight: the draw goes to the copy, the weight '
          'stays zero',
 'link': 'https://github.com/huggingface/transformers/pull/46030',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'all_zero'],
 'sees': 'the projection of every layer is exactly 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Projector(nn.Module):
    def __init__(self, fix, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(o, i, dtype=torch.float16))
        self.bias = nn.Parameter(torch.zeros(o, dtype=torch.float16))
        w = self.weight.data.float()
        nn.init.xavier_uniform_(w)
        if fix:
            self.weight.data.copy_(w)

    def forward(self, x):
        return nn.functional.linear(x, self.weight, self.bias)

def _make(fix):
    return nn.Sequential(Projector(fix, 64, 96), nn.GELU(), Projector(fix, 96, 32))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 64, dtype=torch.float16),)
