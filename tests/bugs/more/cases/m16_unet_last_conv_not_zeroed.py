"""m16 (class 4): zero_module() first, the general kaiming initialization after it: the zeroed
convolutions are drawn again

Link: https://github.com/Janspiry/Palette-Image-to-Image-Diffusion-Models/issues/71
Numerically: out_layers.3 is drawn although it was meant to start at zero
Expected finding: wrong_distribution, init_not_applied, wrong_values, out_of_bounds  [visible from
    S: the author's declared intention (spec)]
"""
META = {'id': 'm16',
 'cls': 4,
 'title': 'zero_module() first, the general kaiming initialization after it: the zeroed convolutions are '
          'drawn again',
 'link': 'https://github.com/Janspiry/Palette-Image-to-Image-Diffusion-Models/issues/71',
 'also': [],
 'level': 'S',
 'expect': ['wrong_distribution', 'init_not_applied', 'wrong_values', 'out_of_bounds'],
 'sees': 'out_layers.3 is drawn although it was meant to start at zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.out_layers.3.weight': ['zeros']}}

import torch
from torch import nn

def _zero_module(m):
    for p in m.parameters():
        p.detach().zero_()
    return m

class ResBlock(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.in_layers = nn.Sequential(nn.GroupNorm(8, c), nn.SiLU(), nn.Conv2d(c, c, 3, padding=1))
        self.out_layers = nn.Sequential(nn.GroupNorm(8, c), nn.SiLU(), nn.Dropout(0.0),
                                        _zero_module(nn.Conv2d(c, c, 3, padding=1)))

    def forward(self, x):
        return x + self.out_layers(self.in_layers(x))

def _make(fix):
    net = nn.Sequential(ResBlock(), ResBlock(), ResBlock())
    for m in net.modules():
        if isinstance(m, nn.Conv2d) and not (fix and not m.weight.any()):
            nn.init.kaiming_normal_(m.weight, a=0, mode="fan_in")
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 32, 8, 8),)
