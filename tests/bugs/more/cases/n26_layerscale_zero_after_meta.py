"""n26 (class 2): LayerScale's gamma is filled in the constructor; through the meta device it becomes 0
    instead of 1e-5

Link: https://github.com/facebookresearch/dinov2/pull/476
Numerically: gamma is exactly 0 in every block
Expected finding: init_not_applied, wrong_distribution, special_init_overwritten, all_zero_param,
    dead_signal, dead_gradient, scale_too_small  [visible from S: the author's declared intention
    (spec)]
"""
META = {'id': 'n26',
 'cls': 2,
 'title': "LayerScale's gamma is filled in the constructor; through the meta device it becomes 0 instead of "
          '1e-5',
 'link': 'https://github.com/facebookresearch/dinov2/pull/476',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied',
            'wrong_distribution',
            'special_init_overwritten',
            'all_zero_param',
            'dead_signal',
            'dead_gradient',
            'scale_too_small'],
 'sees': 'gamma is exactly 0 in every block',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'blocks.*.ls.gamma': ['constant', 1e-05]}}

import torch
from torch import nn

class LayerScale(nn.Module):
    def __init__(self, d, init_values=1e-5):
        super().__init__()
        self.init_values = init_values
        self.gamma = nn.Parameter(init_values * torch.ones(d))

    def forward(self, x):
        return x * self.gamma

class Block(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.mlp = nn.Linear(d, d)
        self.ls = LayerScale(d)

    def forward(self, x):
        return x + self.ls(self.mlp(self.norm(x)))

class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block() for _ in range(3)])

    def forward(self, x):
        for b in self.blocks:
            x = b(x)
        return x

def _make(fix):
    with torch.device("meta"):
        m = ViT()
    m.to_empty(device="cpu")
    for mod in m.modules():
        if hasattr(mod, "reset_parameters"):
            mod.reset_parameters()
        if isinstance(mod, LayerScale):
            nn.init.constant_(mod.gamma, mod.init_values if fix else 0.0)
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 4, 24),)
