"""mk24 (control): a float32 initialisation cast by .double()

Link: https://github.com/pytorch/pytorch/issues/31557
Why it is NOT a bug: coarse for float64, sound all the same
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk24',
 'cls': 'control',
 'title': 'a float32 initialisation cast by .double()',
 'link': 'https://github.com/pytorch/pytorch/issues/31557',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'coarse for float64, sound all the same',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def build():
    return nn.Sequential(nn.Linear(30, 256), nn.Tanh(), nn.Linear(256, 256), nn.Tanh(), nn.Linear(256, 1)).double()

def example_input():
    return (torch.randn(20, 30, dtype=torch.float64),)
