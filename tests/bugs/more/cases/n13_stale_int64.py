"""n13 (class 2): attention weights are nn.Parameter(torch.empty(...)) and only W_Q is ever drawn

Link: https://github.com/TransformerLensOrg/TransformerLens/issues/518
Numerically: W_K holds the bytes of a freed int64 tensor: every second float is 0, the rest denormal
Expected finding: garbage_values, nan_inf  [visible from W: values in the state dict alone]
Stand-in: freed int64 token ids read back as float32
"""
META = {'id': 'n13',
 'cls': 2,
 'title': 'attention weights are nn.Parameter(torch.empty(...)) and only W_Q is ever drawn',
 'link': 'https://github.com/TransformerLensOrg/TransformerLens/issues/518',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf'],
 'sees': 'W_K holds the bytes of a freed int64 tensor: every second float is 0, the rest denormal',
 'severity': 'silent',
 'stand_in': 'freed int64 token ids read back as float32',
 'spec': None}

import math
import torch
from torch import nn

def _stale(*shape):
    n = math.prod(shape)
    return torch.randint(0, 50257, ((n + 1) // 2,)).view(torch.float32)[:n].reshape(shape).clone()

class Attention(nn.Module):
    def __init__(self, fix, h=4, d=32, e=8):
        super().__init__()
        self.W_Q = nn.Parameter(torch.empty(h, d, e))
        self.W_K = nn.Parameter(_stale(h, d, e))
        self.W_V = nn.Parameter(torch.empty(h, d, e))
        self.W_O = nn.Parameter(torch.empty(h, e, d))
        for w in (self.W_Q, self.W_V, self.W_O) + ((self.W_K,) if fix else ()):
            nn.init.normal_(w, 0, 0.1)

    def forward(self, x):
        q, k, v = (torch.einsum("btd,hde->bhte", x, w) for w in (self.W_Q, self.W_K, self.W_V))
        a = (q @ k.transpose(-1, -2)).softmax(-1) @ v
        return torch.einsum("bhte,hed->btd", a, self.W_O)

def _make(fix):
    return Attention(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 32),)
