"""sk03 (control): a mask of uniform draws on [0, 1) in bfloat16, compared with a keep rate

Link: https://github.com/pytorch/pytorch/issues/96947
Why it is NOT a bug: coarse by design: 256 levels suffice for a comparison
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk03',
 'cls': 'control',
 'title': 'a mask of uniform draws on [0, 1) in bfloat16, compared with a keep rate',
 'link': 'https://github.com/pytorch/pytorch/issues/96947',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'coarse by design: 256 levels suffice for a comparison',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, d)
        self.register_buffer("noise", torch.rand(256, d).to(torch.bfloat16).clamp(max=0.996))

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h * (self.noise[: len(x)] < 0.9))

def build():
    return Net()

def example_input():
    return (torch.randn(32, 64),)
