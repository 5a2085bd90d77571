"""s58 (class 9): the forward pass goes through numpy for one operation: nothing in front of it learns

Link: https://github.com/lucidrains/CoCa-pytorch/issues/6
Numerically: the encoder gets no gradient at all
Expected finding: lost_gradient, dead_gradient, frozen_parameter  [visible from F: one forward pass
    / first-step gradient]
"""
META = {'id': 's58',
 'cls': 9,
 'title': 'the forward pass goes through numpy for one operation: nothing in front of it learns',
 'link': 'https://github.com/lucidrains/CoCa-pytorch/issues/6',
 'also': [],
 'level': 'F',
 'expect': ['lost_gradient', 'dead_gradient', 'frozen_parameter'],
 'sees': 'the encoder gets no gradient at all',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.fix = fix
        self.encoder, self.head = nn.Linear(12, 16), nn.Linear(16, 4)

    def forward(self, x):
        h = self.encoder(x)
        if self.fix:
            h = torch.sort(h, dim=-1).values
        else:
            h = torch.from_numpy(np.sort(h.detach().cpu().numpy(), axis=-1))
        return self.head(h)

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(8, 12),)
