"""r45 (class 8): the classifier is made in the first forward: the optimizer was built before and never steps it

Link: https://github.com/floneum/kalosm/pull/285
Numerically: after one forward the model has a new layer, classifier, that no parameter group holds
Expected finding: unregistered, lost_registration, stale_optimizer  [visible from F]
"""
META = {'id': 'r45',
 'cls': 8,
 'title': 'the classifier is made in the first forward: the optimizer was built before and never steps it',
 'link': 'https://github.com/floneum/kalosm/pull/285',
 'also': [],
 'level': 'F',
 'expect': ['unregistered', 'lost_registration', 'stale_optimizer'],
 'sees': 'after one forward the model has a new layer, classifier, that no parameter group holds',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, c=8):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, c, 3), nn.ReLU(), nn.Flatten())
        self.classifier = nn.Linear(c * 36, 5) if fix else None
        self.optimizer = torch.optim.SGD(self.parameters(), lr=0.1)

    def forward(self, x):
        x = self.features(x)
        if self.classifier is None:
            self.classifier = nn.Linear(x.shape[1], 5)
        return self.classifier(x)

def _make(fix):
    return Net(fix)

def example_input():
    return (torch.randn(2, 1, 8, 8),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
