"""m67 (class 9): best_state = model.state_dict(): references, not copies, so that the 'best' weights
are always the last

Link: https://github.com/WenjieDu/PyPOTS/issues/667
Numerically: the kept dictionary shares the storage of the parameters
Expected finding: shared_memory  [visible from M: the live module object]
"""
META = {'id': 'm67',
 'cls': 9,
 'title': "best_state = model.state_dict(): references, not copies, so that the 'best' weights are always "
          'the last',
 'link': 'https://github.com/WenjieDu/PyPOTS/issues/667',
 'also': [],
 'level': 'M',
 'expect': ['shared_memory'],
 'sees': 'the kept dictionary shares the storage of the parameters',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Trainer(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
        state = self.net.state_dict()
        self.best_model_dict = {k: v.clone() for k, v in state.items()} if fix else state

    def forward(self, x):
        return self.net(x)

def _make(fix):
    return Trainer(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 8),)
