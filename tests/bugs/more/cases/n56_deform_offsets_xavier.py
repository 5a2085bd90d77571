"""n56 (class 6): reset_parameters zeroes the sampling offsets; the detector's later loop over dim > 1
    draws them again

Link: https://github.com/open-mmlab/mmcv/issues/1097
Numerically: sampling_offsets.weight is xavier noise instead of zero
Expected finding: special_init_overwritten, init_not_applied, scale_too_large, wrong_distribution
    [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n56',
 'cls': 6,
 'title': "reset_parameters zeroes the sampling offsets; the detector's later loop over dim > 1 draws them "
          'again',
 'link': 'https://github.com/open-mmlab/mmcv/issues/1097',
 'also': [],
 'level': 'S',
 'expect': ['special_init_overwritten', 'init_not_applied', 'scale_too_large', 'wrong_distribution'],
 'sees': 'sampling_offsets.weight is xavier noise instead of zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.sampling_offsets.weight': ['zeros'], '*.value_proj.weight': ['xavier_uniform']}}

import math
import torch
from torch import nn

class DeformAttn(nn.Module):
    def __init__(self, d=32, heads=4, points=4):
        super().__init__()
        self.sampling_offsets = nn.Linear(d, heads * points * 2)
        self.attention_weights = nn.Linear(d, heads * points)
        self.value_proj, self.output_proj = nn.Linear(d, d), nn.Linear(d, d)
        self.reset()

    def reset(self):
        nn.init.zeros_(self.sampling_offsets.weight)
        th = torch.arange(4).float() * (2 * math.pi / 4)
        grid = torch.stack([th.cos(), th.sin()], -1)[:, None].repeat(1, 4, 1) * torch.arange(1, 5)[None, :, None]
        self.sampling_offsets.bias.data.copy_(grid.reshape(-1))
        nn.init.zeros_(self.attention_weights.weight)
        nn.init.zeros_(self.attention_weights.bias)
        nn.init.xavier_uniform_(self.value_proj.weight)
        nn.init.xavier_uniform_(self.output_proj.weight)

    def forward(self, q, v):
        off = self.sampling_offsets(q).tanh()
        w = self.attention_weights(q).softmax(-1)
        seen = (w * off.view(*off.shape[:-1], 16, 2).sum(-1)).sum(-1, keepdim=True)
        return self.output_proj(self.value_proj(v) * (1 + seen))

class Encoder(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.layers = nn.ModuleList([DeformAttn() for _ in range(2)])
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        if fix:
            for l in self.layers:
                l.reset()

    def forward(self, x):
        for l in self.layers:
            x = x + l(x, x)
        return x

def _make(fix):
    return Encoder(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 5, 32),)
