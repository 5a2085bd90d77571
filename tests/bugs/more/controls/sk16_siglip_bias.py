"""sk16 (control): SigLIP: temperature log(10), bias -10

Link: https://arxiv.org/abs/2303.15343
Why it is NOT a bug: the bias balances the many negatives
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk16',
 'cls': 'control',
 'title': 'SigLIP: temperature log(10), bias -10',
 'link': 'https://arxiv.org/abs/2303.15343',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the bias balances the many negatives',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class SigLIP(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.image, self.text = nn.Linear(48, d), nn.Linear(24, d)
        self.t, self.b = nn.Parameter(torch.tensor(math.log(10.0))), nn.Parameter(torch.tensor(-10.0))

    def forward(self, image, text):
        i = nn.functional.normalize(self.image(image), dim=-1)
        t = nn.functional.normalize(self.text(text), dim=-1)
        return self.t.exp() * i @ t.T + self.b

def build():
    return SigLIP()

def example_input():
    return torch.randn(16, 48), torch.randn(16, 24)
