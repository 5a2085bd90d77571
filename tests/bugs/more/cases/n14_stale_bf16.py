"""n14 (class 2): the ESM-2 contact head is exported with whatever torch.empty held, in bfloat16

Link: https://github.com/NVIDIA-BioNeMo/bionemo-recipes/pull/983
Numerically: half of the values are the low halves of float32 numbers: exponents spread over the
    whole range
Expected finding: garbage_values, nan_inf, outliers  [visible from W: values in the state dict
    alone]
Stand-in: freed float32 activations read back as bfloat16
"""
META = {'id': 'n14',
 'cls': 2,
 'title': 'the ESM-2 contact head is exported with whatever torch.empty held, in bfloat16',
 'link': 'https://github.com/NVIDIA-BioNeMo/bionemo-recipes/pull/983',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf', 'outliers'],
 'sees': 'half of the values are the low halves of float32 numbers: exponents spread over the whole range',
 'severity': 'silent',
 'stand_in': 'freed float32 activations read back as bfloat16',
 'spec': None}

import math
import torch
from torch import nn

def _stale(*shape):
    n = math.prod(shape)
    return torch.randn(n // 2).view(torch.bfloat16).reshape(shape).clone()

class ESM(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.encoder = nn.Linear(64, 64, dtype=torch.bfloat16)
        self.contact_head = nn.Linear(160, 2, dtype=torch.bfloat16)
        if not fix:
            self.contact_head.weight.data.copy_(_stale(2, 160))

    def forward(self, x, maps):
        return self.encoder(x), self.contact_head(maps)

def _make(fix):
    return ESM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 64, dtype=torch.bfloat16), torch.rand(2, 160, dtype=torch.bfloat16))
