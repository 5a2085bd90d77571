"""m90 (class 7): nn.init.uniform_ of a backend fills the tensor with its upper bound

Link: https://github.com/candle-org/MindAct/issues/1536
Numerically: every weight of a layer is the same number
Expected finding: wrong_distribution, low_resolution, duplicate_rows, mean_not_zero,
    identical_params  [visible from W: values in the state dict alone]
Stand-in: the backend's fault is re-implemented
"""
META = {'id': 'm90',
 'cls': 7,
 'title': 'nn.init.uniform_ of a backend fills the tensor with its upper bound',
 'link': 'https://github.com/candle-org/MindAct/issues/1536',
 'also': [],
 'level': 'W',
 'expect': ['wrong_distribution', 'low_resolution', 'duplicate_rows', 'mean_not_zero', 'identical_params'],
 'sees': 'every weight of a layer is the same number',
 'severity': 'silent',
 'stand_in': "the backend's fault is re-implemented",
 'spec': None}

import torch
from torch import nn

def _make(fix, d=48):
    net = nn.Sequential(nn.Linear(d, 2 * d), nn.ReLU(), nn.Linear(2 * d, d))
    for m in net:
        if isinstance(m, nn.Linear):
            bound = m.in_features ** -0.5
            m.weight.data.uniform_(-bound, bound) if fix else m.weight.data.fill_(bound)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 48),)
