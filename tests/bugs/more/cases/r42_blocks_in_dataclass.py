"""r42 (class 8): layers are fields of a plain dataclass that the module holds

Link: https://github.com/pytorch/pytorch/issues/4631
Numerically: block.conv and block.norm are reached through an object that is no Module
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r42',
 'cls': 8,
 'title': 'layers are fields of a plain dataclass that the module holds',
 'link': 'https://github.com/pytorch/pytorch/issues/4631',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'block.conv and block.norm are reached through an object that is no Module',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

from dataclasses import dataclass
import torch
from torch import nn

@dataclass
class Parts:
    conv: nn.Module
    norm: nn.Module
    scale: torch.Tensor

class Net(nn.Module):
    def __init__(self, fix, c=12):
        super().__init__()
        self.stem = nn.Conv1d(3, c, 3, padding=1)
        parts = Parts(nn.Conv1d(c, c, 3, padding=1), nn.GroupNorm(3, c), nn.Parameter(torch.ones(c, 1)))
        if fix:
            self.conv, self.norm, self.scale = parts.conv, parts.norm, parts.scale
        self.parts = parts

    def forward(self, x):
        x = self.stem(x)
        return x + self.parts.scale * torch.relu(self.parts.norm(self.parts.conv(x)))

def _make(fix):
    return Net(fix)

def example_input():
    return (torch.randn(2, 3, 10),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
