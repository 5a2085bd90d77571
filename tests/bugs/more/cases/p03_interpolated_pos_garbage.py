"""p03 (class 2): missing weights are created with torch.empty in float16 and never initialised

Link: https://github.com/huggingface/transformers/issues/30953
Numerically: new classifier weight holds arbitrary half-precision words, some of them NaN
Expected finding: garbage_values, nan_inf  [visible from W: values in the state dict alone]
Stand-in: random 16-bit words
"""
META = {'id': 'p03',
 'cls': 2,
 'title': 'missing weights are created with torch.empty in float16 and never initialised',
 'link': 'https://github.com/huggingface/transformers/issues/30953',
 'also': [],
 'level': 'W',
 'expect': ['garbage_values', 'nan_inf'],
 'sees': 'new classifier weight holds arbitrary half-precision words, some of them NaN',
 'severity': 'silent',
 'stand_in': 'random 16-bit words',
 'spec': None}

import torch
from torch import nn

class Cls(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.body = nn.Linear(48, 48, dtype=torch.float16)
        self.classifier = nn.Linear(48, 7, dtype=torch.float16)
        if not fix:
            self.classifier.weight = nn.Parameter(torch.randint(-2**15, 2**15, (7, 48), dtype=torch.int16).view(torch.float16))

    def forward(self, x):
        return self.classifier(self.body(x).relu())

def _make(fix):
    return Cls(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
