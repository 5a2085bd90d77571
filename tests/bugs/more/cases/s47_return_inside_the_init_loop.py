"""s47 (class 4): the initialisation loop returns after its first layer (indentation)

Link: https://github.com/Coderx7/SimpleNet_Pytorch/issues/4
Numerically: all convolutions but the first keep the default
Expected finding: init_not_applied, scale_too_small, wrong_distribution, out_of_bounds  [visible
    from S: the author's declared intention (spec)]
"""
META = {'id': 's47',
 'cls': 4,
 'title': 'the initialisation loop returns after its first layer (indentation)',
 'link': 'https://github.com/Coderx7/SimpleNet_Pytorch/issues/4',
 'also': [],
 'level': 'S',
 'expect': ['init_not_applied', 'scale_too_small', 'wrong_distribution', 'out_of_bounds'],
 'sees': 'all convolutions but the first keep the default',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'features.0.weight': ['xavier_uniform', 1.4142135623730951],
          'features.3.weight': ['xavier_uniform', 1.4142135623730951],
          'features.6.weight': ['xavier_uniform', 1.4142135623730951]}}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        layers, c = [], 3
        for o in (32, 48, 64):
            layers += [nn.Conv2d(c, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU()]
            c = o
        self.features = nn.Sequential(*layers)
        self.fc = nn.Linear(c, 10)
        self._init(fix)

    def _init(self, fix):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.xavier_uniform_(m.weight, gain=nn.init.calculate_gain("relu"))
                if not fix:
                    return

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 8, 8),)
