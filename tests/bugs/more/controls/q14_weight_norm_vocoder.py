"""q14 (control): weight normalisation, old style and new, over convolutions initialised before

Link: https://github.com/NVIDIA/waveglow/issues/9
Why it is NOT a bug: weight is recomputed at each forward and equals what is there
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'q14',
 'cls': 'control',
 'title': 'weight normalisation, old style and new, over convolutions initialised before',
 'link': 'https://github.com/NVIDIA/waveglow/issues/9',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'weight is recomputed at each forward and equals what is there',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import warnings
import torch
from torch import nn
from torch.nn import functional as F

class Voc(nn.Module):
    def __init__(self):
        super().__init__()
        a, b = nn.Conv1d(80, 512, 7, padding=3), nn.ConvTranspose1d(512, 256, 16, 8, 4)
        b.weight.data.normal_(0, 0.01)
        self.pre = torch.nn.utils.weight_norm(a)
        self.up = nn.utils.parametrizations.weight_norm(b)

    def forward(self, x):
        return self.up(F.leaky_relu(self.pre(x)))

def build():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Voc()

def example_input():
    return (torch.randn(2, 80, 10),)
