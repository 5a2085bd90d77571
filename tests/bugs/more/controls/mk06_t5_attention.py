"""mk06 (control): T5: queries drawn with (d * d_kv)^-1/2, no scale in the attention, tied head scaled
by d^-1/2

Link: https://github.com/huggingface/transformers/issues/4021
Why it is NOT a bug: the scale is folded into the initialization
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk06',
 'cls': 'control',
 'title': 'T5: queries drawn with (d * d_kv)^-1/2, no scale in the attention, tied head scaled by d^-1/2',
 'link': 'https://github.com/huggingface/transformers/issues/4021',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the scale is folded into the initialization',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class T5Layer(nn.Module):
    def __init__(self, d=128, dk=32, h=4):
        super().__init__()
        self.h, self.dk = h, dk
        self.norm = nn.Parameter(torch.ones(d))
        self.q, self.k, self.v = (nn.Linear(d, h * dk, bias=False) for _ in range(3))
        self.o = nn.Linear(h * dk, d, bias=False)
        nn.init.normal_(self.q.weight, 0.0, (d * dk) ** -0.5)
        nn.init.normal_(self.k.weight, 0.0, d ** -0.5)
        nn.init.normal_(self.v.weight, 0.0, d ** -0.5)
        nn.init.normal_(self.o.weight, 0.0, (h * dk) ** -0.5)

    def forward(self, x):
        y = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.norm
        b, t, _ = y.shape
        q, k, v = (m(y).view(b, t, self.h, self.dk).transpose(1, 2) for m in (self.q, self.k, self.v))
        return x + self.o(((q @ k.transpose(-1, -2)).softmax(-1) @ v).transpose(1, 2).reshape(b, t, -1))

class T5(nn.Module):
    def __init__(self, v=300, d=128):
        super().__init__()
        self.shared = nn.Embedding(v, d)
        self.layers = nn.ModuleList(T5Layer(d) for _ in range(3))
        self.final = nn.LayerNorm(d)
        self.d = d

    def forward(self, ids):
        x = self.shared(ids)
        for m in self.layers:
            x = m(x)
        return (self.final(x) * self.d ** -0.5) @ self.shared.weight.T

def build():
    return T5()

def example_input():
    return (torch.randint(0, 300, (2, 9)),)
