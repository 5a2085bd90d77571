"""r38 (class 8): the sin-cos table is set with setattr as a plain tensor: .half() and .to() leave it behind

Link: https://github.com/lyuwenyu/RT-DETR/issues/677
Numerically: pos_embed0 and pos_embed1 are attributes, no buffers
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r38',
 'cls': 8,
 'title': 'the sin-cos table is set with setattr as a plain tensor: .half() and .to() leave it behind',
 'link': 'https://github.com/lyuwenyu/RT-DETR/issues/677',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'pos_embed0 and pos_embed1 are attributes, no buffers',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _sincos(n, d):
    angle = torch.arange(n)[:, None] / 10000 ** (torch.arange(d // 2) * 2 / d)
    return torch.cat([angle.sin(), angle.cos()], -1)[None]

class HybridEncoder(nn.Module):
    def __init__(self, fix, d=24, n=(16, 9)):
        super().__init__()
        self.encoder = nn.ModuleList([nn.TransformerEncoderLayer(d, 4, 32, batch_first=True) for _ in n])
        for i, size in enumerate(n):
            if fix:
                self.register_buffer(f"pos_embed{i}", _sincos(size, d), persistent=False)
            else:
                setattr(self, f"pos_embed{i}", _sincos(size, d))

    def forward(self, a, b):
        return [layer(x + getattr(self, f"pos_embed{i}").to(x.device)) for i, (layer, x) in enumerate(zip(self.encoder, (a, b)))]

def _make(fix):
    return HybridEncoder(fix)

def example_input():
    return torch.randn(2, 16, 24), torch.randn(2, 9, 24)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
