"""m29 (class 4): T-Fixup: `9 * N ** -0.25` instead of `(9 * N) ** -0.25` (operator precedence)

Link: https://github.com/layer6ai-labs/T-Fixup/issues/8
Numerically: factor 4.6 instead of 0.297 for N = 14
Expected finding: scale_too_large  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'm29',
 'cls': 4,
 'title': 'T-Fixup: `9 * N ** -0.25` instead of `(9 * N) ** -0.25` (operator precedence)',
 'link': 'https://github.com/layer6ai-labs/T-Fixup/issues/8',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_large'],
 'sees': 'factor 4.6 instead of 0.297 for N = 14',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'*.weight': ['normal', 0.0, 0.03046293523787603]}}

import torch
from torch import nn

def _make(fix, n=14, d=96):
    net = nn.Sequential()
    for i in range(2):
        layer = nn.Module()
        net.append(layer)
        for name in ("v_proj", "out_proj", "fc1", "fc2"):
            m = nn.Linear(d, d)
            nn.init.xavier_normal_(m.weight)
            nn.init.zeros_(m.bias)
            factor = (9 * n) ** (-1.0 / 4) if fix else 9 * n ** (-1.0 / 4)
            with torch.no_grad():
                m.weight.mul_(factor)
            setattr(layer, name, m)
    return net

def build():
    return _make(False)

def build_fixed():
    return _make(True)
