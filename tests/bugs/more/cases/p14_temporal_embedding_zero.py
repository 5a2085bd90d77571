"""p14 (class 6): temporal_embedding is torch.zeros, and init_weights, which would draw it, is never
    called

Link: https://github.com/taoyang1122/adapt-image-models/issues/17
Numerically: temporal_embedding is zero beside drawn class and position embeddings
Expected finding: all_zero_param  [visible from W: values in the state dict alone]
"""
META = {'id': 'p14',
 'cls': 6,
 'title': 'temporal_embedding is torch.zeros, and init_weights, which would draw it, is never called',
 'link': 'https://github.com/taoyang1122/adapt-image-models/issues/17',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param'],
 'sees': 'temporal_embedding is zero beside drawn class and position embeddings',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class ViTClip(nn.Module):
    def __init__(self, fix, d=32, n=9, t=8):
        super().__init__()
        s = d ** -0.5
        self.class_embedding = nn.Parameter(s * torch.randn(d))
        self.positional_embedding = nn.Parameter(s * torch.randn(n + 1, d))
        self.temporal_embedding = nn.Parameter(torch.zeros(1, t, d))
        self.conv1 = nn.Conv2d(3, d, 4, 4, bias=False)
        self.ln_pre = nn.LayerNorm(d)
        if fix:
            nn.init.trunc_normal_(self.temporal_embedding, std=0.02)

    def forward(self, x):
        b, t = x.shape[:2]
        x = self.conv1(x.flatten(0, 1)).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1) + self.positional_embedding
        x = x.view(b, t, *x.shape[1:]) + self.temporal_embedding[:, :, None]
        return self.ln_pre(x).mean((1, 2))

def _make(fix):
    return ViTClip(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 8, 3, 12, 12),)
