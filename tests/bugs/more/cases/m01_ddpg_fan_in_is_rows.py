"""m01 (class 4): fan_in read as weight.size()[0] (the outputs): the actor's hidden layers get bounds
of the wrong side

Link: https://github.com/udacity/deep-reinforcement-learning/issues/14
Numerically: U(+-1/sqrt(out)) instead of U(+-1/sqrt(in))
Expected finding: scale_too_small, scale_too_large  [visible from S: the author's declared intention
    (spec)]
"""
META = {'id': 'm01',
 'cls': 4,
 'title': "fan_in read as weight.size()[0] (the outputs): the actor's hidden layers get bounds of the wrong "
          'side',
 'link': 'https://github.com/udacity/deep-reinforcement-learning/issues/14',
 'also': [],
 'level': 'S',
 'expect': ['scale_too_small', 'scale_too_large'],
 'sees': 'U(+-1/sqrt(out)) instead of U(+-1/sqrt(in))',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'fc1.weight': ['uniform', -0.17407765595569785, 0.17407765595569785],
          'fc2.weight': ['uniform', -0.0625, 0.0625]}}

import math

import torch
from torch import nn

def _lim(layer, fix):
    fan_in = layer.weight.data.size()[1 if fix else 0]
    return 1.0 / math.sqrt(fan_in)

class Actor(nn.Module):
    def __init__(self, fix, state=33, action=4, h1=256, h2=128):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(state, h1), nn.Linear(h1, h2), nn.Linear(h2, action)
        for layer in (self.fc1, self.fc2):
            layer.weight.data.uniform_(-_lim(layer, fix), _lim(layer, fix))
        self.fc3.weight.data.uniform_(-3e-3, 3e-3)

    def forward(self, s):
        return torch.tanh(self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(s))))))

def _make(fix):
    return Actor(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(16, 33),)
