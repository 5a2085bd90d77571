"""p10 (class 3): one PReLU made in the constructor serves every convolution of the bottleneck

Link: https://github.com/davidtvs/PyTorch-ENet/issues/27
Numerically: the same activation object in three Sequential blocks
Expected finding: shared_module  [visible from M: the live module object]
"""
META = {'id': 'p10',
 'cls': 3,
 'title': 'one PReLU made in the constructor serves every convolution of the bottleneck',
 'link': 'https://github.com/davidtvs/PyTorch-ENet/issues/27',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'the same activation object in three Sequential blocks',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Bottleneck(nn.Module):
    def __init__(self, fix, c=16):
        super().__init__()
        act = nn.PReLU()
        new = (lambda: nn.PReLU()) if fix else (lambda: act)
        self.ext_conv1 = nn.Sequential(nn.Conv2d(c, 8, 1), nn.BatchNorm2d(8), new())
        self.ext_conv2 = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), new())
        self.ext_conv3 = nn.Sequential(nn.Conv2d(8, c, 1), nn.BatchNorm2d(c), new())
        self.out_prelu = new()

    def forward(self, x):
        return self.out_prelu(x + self.ext_conv3(self.ext_conv2(self.ext_conv1(x))))

def _make(fix):
    return Bottleneck(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 16, 8, 8),)
