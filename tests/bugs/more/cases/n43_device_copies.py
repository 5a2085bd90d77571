"""n43 (class 3): DataParallel calls the network factory once for each device: every core trains
    another model

Link: https://github.com/pytorch/xla/pull/755
Numerically: this core's weights differ from core 0's
Expected finding: replica_mismatch, ckpt_mismatch  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 'n43',
 'cls': 3,
 'title': 'DataParallel calls the network factory once for each device: every core trains another model',
 'link': 'https://github.com/pytorch/xla/pull/755',
 'also': [],
 'level': 'R',
 'expect': ['replica_mismatch', 'ckpt_mismatch'],
 'sees': "this core's weights differ from core 0's",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 10, 5)
        self.fc = nn.Linear(10, 10)

    def forward(self, x):
        return self.fc(F.relu(self.conv(x)).mean((2, 3)))

def _core0():
    with torch.random.fork_rng():
        torch.manual_seed(99)
        return Net()

def reference_state():
    """The weights that core 0 built."""
    return _core0().state_dict()

def _make(fix):
    return _core0() if fix else Net()

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 1, 12, 12),)
