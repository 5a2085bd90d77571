"""m71 (class 9): a state dict of tensors that are not on the CPU is written by numpy.savez

Link: https://github.com/curt-tigges/crosslayer-coding/pull/30
Numerically: TypeError or NotImplementedError: can't convert to numpy
Expected finding: off_cpu  [visible from X: running the offending operation]
"""
META = {'id': 'm71',
 'cls': 9,
 'title': 'a state dict of tensors that are not on the CPU is written by numpy.savez',
 'link': 'https://github.com/curt-tigges/crosslayer-coding/pull/30',
 'also': [],
 'level': 'X',
 'expect': ['off_cpu'],
 'sees': "TypeError or NotImplementedError: can't convert to numpy",
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def probe(state):
    return {k: v.numpy() for k, v in state.items()}

def _make(fix):
    with torch.device("cpu" if fix else "meta"):
        net = nn.Linear(6, 3)
    return {k: v.detach() for k, v in net.state_dict().items()}

def build():
    return _make(False)

def build_fixed():
    return _make(True)
