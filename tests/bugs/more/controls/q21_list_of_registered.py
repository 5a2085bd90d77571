"""q21 (control): a plain list and a closure that refer to modules which are registered as well

Link: https://github.com/pytorch/pytorch/issues/1291
Why it is NOT a bug: nothing is lost: every parameter in the list is in parameters()
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q21',
 'cls': 'control',
 'title': 'a plain list and a closure that refer to modules which are registered as well',
 'link': 'https://github.com/pytorch/pytorch/issues/1291',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'nothing is lost: every parameter in the list is in parameters()',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.a, self.b, self.head = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, 4)
        self.order = [self.a, self.b]
        self.by_name = {"first": self.a, "head": self.head}
        self.score = lambda x: F.linear(x, self.head.weight, self.head.bias)

    def forward(self, x):
        for m in self.order:
            x = torch.tanh(m(x))
        return self.score(x)

def build():
    return Net()

def example_input():
    return (torch.randn(3, 16),)
