"""m50 (class 7): a counter-based generator wraps around: the second half of a large draw equals the
first

Link: https://github.com/NVIDIA/Fuser/pull/2355
Numerically: rows 128 to 255 are rows 0 to 127 again
Expected finding: repeated_slices, duplicate_rows, correlated_weights, identical_params  [visible
    from W: values in the state dict alone]
Stand-in: the wrap-around is re-implemented
"""
META = {'id': 'm50',
 'cls': 7,
 'title': 'a counter-based generator wraps around: the second half of a large draw equals the first',
 'link': 'https://github.com/NVIDIA/Fuser/pull/2355',
 'also': [],
 'level': 'W',
 'expect': ['repeated_slices', 'duplicate_rows', 'correlated_weights', 'identical_params'],
 'sees': 'rows 128 to 255 are rows 0 to 127 again',
 'severity': 'silent',
 'stand_in': 'the wrap-around is re-implemented',
 'spec': None}

import torch
from torch import nn

def _make(fix, n=256, d=96):
    net = nn.Sequential(nn.Embedding(n, d), nn.Linear(d, n))
    with torch.no_grad():
        for m in net:
            w = torch.randn(m.weight.shape) * 0.02
            if not fix:
                half = w.numel() // 2
                w.view(-1)[half:] = w.view(-1)[:half]
            m.weight.copy_(w)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 256, (2, 4)),)
