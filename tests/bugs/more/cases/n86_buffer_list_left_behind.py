"""n86 (class 8): a list that holds the registered buffers: .to() replaces the buffers, the list keeps
    the old tensors

Link: https://github.com/pytorch/pytorch/issues/29807
Numerically: after .double() the buffers are float64, the tensors in self.params are the float32
    originals
Expected finding: unregistered, lost_registration  [visible from M: the live module object]
"""
META = {'id': 'n86',
 'cls': 8,
 'title': 'a list that holds the registered buffers: .to() replaces the buffers, the list keeps the old '
          'tensors',
 'link': 'https://github.com/pytorch/pytorch/issues/29807',
 'also': [],
 'level': 'M',
 'expect': ['unregistered', 'lost_registration'],
 'sees': 'after .double() the buffers are float64, the tensors in self.params are the float32 originals',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Bank(nn.Module):
    def __init__(self, fix, n=4, d=10):
        super().__init__()
        self.n = n
        for i in range(n):
            self.register_buffer(f"param_{i}", torch.rand(1, d))
        self.fix = fix
        if not fix:
            self.params = [getattr(self, f"param_{i}") for i in range(n)]
        self.fc = nn.Linear(d, d)

    def forward(self, x):
        bank = [getattr(self, f"param_{i}") for i in range(self.n)] if self.fix else self.params
        return self.fc(x) * torch.cat(bank).mean(0)

def _make(fix):
    return Bank(fix).double()

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 10, dtype=torch.float64),)
