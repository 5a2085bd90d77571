"""t16 (class 8): register_buffer('codebook_used', nn.Parameter(...)): a buffer that asks for a gradient and that no optimizer knows

Link: https://github.com/deepseek-ai/Janus/pull/232
Numerically: the buffer is an nn.Parameter with requires_grad=True and is not in parameters()
Expected finding: unregistered, lost_registration, frozen_parameter  [visible from M: the live
    module: attributes, identity, registration, buffers]
"""
META = {'id': 't16',
 'cls': 8,
 'title': "register_buffer('codebook_used', nn.Parameter(...)): a buffer that asks for a gradient and that "
          'no optimizer knows',
 'link': 'https://github.com/deepseek-ai/Janus/pull/232',
 'also': [],
 'level': 'M',
 'expect': ['unregistered', 'lost_registration', 'frozen_parameter'],
 'sees': 'the buffer is an nn.Parameter with requires_grad=True and is not in parameters()',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class VectorQuantizer(nn.Module):
    def __init__(self, fix, n_e=64, e_dim=8):
        super().__init__()
        self.embedding = nn.Embedding(n_e, e_dim)
        nn.init.uniform_(self.embedding.weight, -1 / n_e, 1 / n_e)
        used = torch.zeros(n_e)
        self.register_buffer("codebook_used", used if fix else nn.Parameter(used))

    def forward(self, z):
        d = torch.cdist(z.flatten(0, -2), self.embedding.weight)
        code = self.embedding(d.argmin(1)).view_as(z)
        return z + (code - z).detach() + 0 * (code - z).pow(2).mean() + code - code.detach()

def _make(fix):
    return nn.Sequential(nn.Linear(12, 8), VectorQuantizer(fix), nn.Linear(8, 12))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 6, 12),)
