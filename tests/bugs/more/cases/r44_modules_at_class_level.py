"""r44 (class 8): layers are class attributes: all instances share them and none registers them

Link: https://github.com/pytorch/pytorch/issues/1291
Numerically: Net.conv lives in the class dictionary; two instances train the same weights,
    state_dict() lacks them
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r44',
 'cls': 8,
 'title': 'layers are class attributes: all instances share them and none registers them',
 'link': 'https://github.com/pytorch/pytorch/issues/1291',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'Net.conv lives in the class dictionary; two instances train the same weights, state_dict() lacks '
         'them',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix):
    class Net(nn.Module):
        if not fix:
            conv = nn.Conv2d(3, 8, 3)
            act = nn.PReLU(8)

        def __init__(self):
            super().__init__()
            if fix:
                self.conv, self.act = nn.Conv2d(3, 8, 3), nn.PReLU(8)
            self.fc = nn.Linear(8, 4)

        def forward(self, x):
            return self.fc(self.act(self.conv(x)).mean((2, 3)))
    return Net()

def example_input():
    return (torch.randn(3, 3, 8, 8),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
