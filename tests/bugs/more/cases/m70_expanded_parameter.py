"""m70 (class 9): nn.Parameter(token.expand(n, d)): all rows are one memory, and the optimizer's in-
place step fails or moves all

Link: https://github.com/huangleiBuaa/IterNorm-pytorch/issues/2
Numerically: stride 0 in a trainable parameter
Expected finding: shared_memory, duplicate_rows  [visible from M: the live module object]
"""
META = {'id': 'm70',
 'cls': 9,
 'title': "nn.Parameter(token.expand(n, d)): all rows are one memory, and the optimizer's in-place step "
          'fails or moves all',
 'link': 'https://github.com/huangleiBuaa/IterNorm-pytorch/issues/2',
 'also': [],
 'level': 'M',
 'expect': ['shared_memory', 'duplicate_rows'],
 'sees': 'stride 0 in a trainable parameter',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Prompt(nn.Module):
    def __init__(self, fix, n=10, d=32):
        super().__init__()
        token = torch.randn(1, d) * 0.02
        self.prompt = nn.Parameter(torch.randn(n, d) * 0.02 if fix else token.expand(n, d))
        self.fc = nn.Linear(d, d)

    def forward(self, x):
        return self.fc(torch.cat([self.prompt.expand(x.shape[0], -1, -1), x], 1))

def _make(fix):
    return Prompt(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 4, 32),)
