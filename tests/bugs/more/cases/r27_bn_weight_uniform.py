"""r27 (class 6): BatchNorm's weight is drawn U(0, 1) instead of set to 1

Link: https://github.com/pytorch/pytorch/issues/12259
Numerically: each channel starts with a random gain between 0 and 1
Expected finding: norm_gain_wrong  [visible from W]
"""
META = {'id': 'r27',
 'cls': 6,
 'title': "BatchNorm's weight is drawn U(0, 1) instead of set to 1",
 'link': 'https://github.com/pytorch/pytorch/issues/12259',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong'],
 'sees': 'each channel starts with a random gain between 0 and 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix):
    model = nn.Sequential(nn.Conv1d(4, 32, 3), nn.BatchNorm1d(32), nn.ReLU(), nn.Conv1d(32, 32, 3), nn.BatchNorm1d(32), nn.ReLU())
    for m in model.modules():
        if isinstance(m, nn.BatchNorm1d) and not fix:
            nn.init.uniform_(m.weight)
    return model

def example_input():
    return (torch.randn(8, 4, 16),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
