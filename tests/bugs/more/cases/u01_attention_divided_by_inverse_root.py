"""u01 (class 4): self.scale is head_dim**-0.5 and the scores are divided by it: they are head_dim times too large

Link: https://github.com/esceptico/perceiver-io/issues/9
Numerically: scores of std sqrt(head_dim)**2 = 32: the softmax picks one key
Expected finding: saturated_units, lost_signal, dead_gradient, scale_too_large, vanishing_gradients, exploding_activations  [visible from F]
"""
META = {'id': 'u01',
 'cls': 4,
 'title': 'self.scale is head_dim**-0.5 and the scores are divided by it: they are head_dim times too large',
 'link': 'https://github.com/esceptico/perceiver-io/issues/9',
 'also': [],
 'level': 'F',
 'expect': ['saturated_units',
            'lost_signal',
            'dead_gradient',
            'scale_too_large',
            'vanishing_gradients',
            'exploding_activations'],
 'sees': 'scores of std sqrt(head_dim)**2 = 32: the softmax picks one key',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class CrossAttention(nn.Module):
    def __init__(self, fix, d=128, heads=4):
        super().__init__()
        self.fix, self.heads, self.qk_head_dim = fix, heads, d // heads
        self.scale = self.qk_head_dim ** -0.5
        self.q, self.k, self.v, self.o = (nn.Linear(d, d, bias=False) for _ in range(4))
        for layer in (self.q, self.k, self.v, self.o):
            nn.init.xavier_uniform_(layer.weight)

    def _split(self, x):
        return x.unflatten(-1, (self.heads, self.qk_head_dim)).transpose(1, 2)

    def forward(self, latents, x):
        q, k, v = self._split(self.q(latents)), self._split(self.k(x)), self._split(self.v(x))
        scores = q @ k.transpose(-2, -1)
        scores = scores * self.scale if self.fix else scores / self.scale
        return self.o((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))

class Perceiver(nn.Module):
    def __init__(self, fix, d=128, n=16):
        super().__init__()
        self.latents = nn.Parameter(torch.randn(n, d) * 0.02)
        self.norm_latents, self.norm_x, self.norm_mlp = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.attend = CrossAttention(fix, d)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.head = nn.Linear(d, 10)

    def forward(self, x):
        z = self.latents.expand(len(x), -1, -1)
        z = z + self.attend(self.norm_latents(z), self.norm_x(x))
        z = z + self.mlp(self.norm_mlp(z))
        return self.head(z.mean(1))

def _make(fix):
    return Perceiver(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 32, 128),)
