"""m45 (class 5): float32 inverse-CDF truncated normal with a tiny std: erfinv(+-1) is clamped to the
absolute bounds

Link: https://github.com/pytorch/pytorch/issues/155588
Numerically: a handful of 2.0 among values of std 0.001 (2,000 sigma)
Expected finding: outliers  [visible from W: values in the state dict alone]
Stand-in: torch is fixed: the clamped draws are planted
"""
META = {'id': 'm45',
 'cls': 5,
 'title': 'float32 inverse-CDF truncated normal with a tiny std: erfinv(+-1) is clamped to the absolute '
          'bounds',
 'link': 'https://github.com/pytorch/pytorch/issues/155588',
 'also': [],
 'level': 'W',
 'expect': ['outliers'],
 'sees': 'a handful of 2.0 among values of std 0.001 (2,000 sigma)',
 'severity': 'silent',
 'stand_in': 'torch is fixed: the clamped draws are planted',
 'spec': None}

import torch
from torch import nn

def _make(fix, d=192, std=0.001):
    net = nn.Sequential(nn.Embedding(d, d), nn.Linear(d, d))
    with torch.no_grad():
        for m in net:
            m.weight.normal_(0, std)
            if not fix:
                where = torch.randint(0, d * d, (3,))
                m.weight.view(-1)[where] = torch.tensor([2.0, -2.0, 2.0])
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 192, (2, 4)),)
