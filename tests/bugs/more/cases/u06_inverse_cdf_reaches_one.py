"""u06 (class 7): truncated normal by erfinv of a uniform that rounds to the end of its range: infinities in the weight

Link: https://github.com/jax-ml/jax/pull/4548
Numerically: erfinv(+-1) = +-inf wherever the half-precision uniform is 0 or 1
Expected finding: nan_inf, not_finite  [visible from W]
"""
META = {'id': 'u06',
 'cls': 7,
 'title': 'truncated normal by erfinv of a uniform that rounds to the end of its range: infinities in the weight',
 'link': 'https://github.com/jax-ml/jax/pull/4548',
 'also': [],
 'level': 'W',
 'expect': ['nan_inf', 'not_finite'],
 'sees': 'erfinv(+-1) = +-inf wherever the half-precision uniform is 0 or 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

def _truncated(shape, std, fix):
    a, b = math.erf(-8 / math.sqrt(2)), math.erf(8 / math.sqrt(2))
    u = torch.rand(shape, dtype=torch.float16)
    z = torch.erfinv(a + u.float() * (b - a)) * math.sqrt(2)
    if fix:
        z = z.clamp(-3.5, 3.5)
    return (z * std).to(torch.float32)

class Mixer(nn.Module):
    def __init__(self, fix, n=96):
        super().__init__()
        self.up, self.down = nn.Linear(n, 4 * n), nn.Linear(4 * n, n)
        for layer in (self.up, self.down):
            layer.weight = nn.Parameter(_truncated(layer.weight.shape, 1 / math.sqrt(layer.in_features), fix))

    def forward(self, x):
        return x + self.down(torch.nn.functional.gelu(self.up(x)))

def _make(fix):
    return Mixer(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 96),)
