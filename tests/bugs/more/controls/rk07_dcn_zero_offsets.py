"""rk07 (control): deformable convolution: the offset and mask branch starts at zero

Link: https://arxiv.org/abs/1811.11168
Why it is NOT a bug: zero offsets are the regular grid; the branch gets a gradient through the
    sampling
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'rk07',
 'cls': 'control',
 'title': 'deformable convolution: the offset and mask branch starts at zero',
 'link': 'https://arxiv.org/abs/1811.11168',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'zero offsets are the regular grid; the branch gets a gradient through the sampling',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Deform(nn.Module):
    """One sampled point a place: the grid of the convolution moved by learned offsets, times a learned mask."""
    def __init__(self, c=12):
        super().__init__()
        self.conv_offset = nn.Conv2d(c, 3, 3, padding=1)
        nn.init.zeros_(self.conv_offset.weight)
        nn.init.zeros_(self.conv_offset.bias)
        self.conv = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        b, _, h, w = x.shape
        move = self.conv_offset(x)
        ys, xs = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
        grid = torch.stack([xs, ys], -1)[None] + move[:, :2].permute(0, 2, 3, 1) / h
        return torch.relu(self.conv(nn.functional.grid_sample(x, grid, align_corners=True) * 2 * move[:, 2:].sigmoid()))

def build():
    return nn.Sequential(nn.Conv2d(3, 12, 3, padding=1), nn.ReLU(), Deform(), Deform())

def example_input():
    return (torch.randn(2, 3, 8, 8),)
