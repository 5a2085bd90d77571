"""m72 (class 9): the evaluation function calls .numpy() on what the network returns

Link: https://github.com/xwying/torchshow/issues/23
Numerically: RuntimeError: can't call numpy() on tensor that requires grad
Expected finding: requires_grad  [visible from X: running the offending operation]
"""
META = {'id': 'm72',
 'cls': 9,
 'title': 'the evaluation function calls .numpy() on what the network returns',
 'link': 'https://github.com/xwying/torchshow/issues/23',
 'also': [],
 'level': 'X',
 'expect': ['requires_grad'],
 'sees': "RuntimeError: can't call numpy() on tensor that requires grad",
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _make(fix):
    net = nn.Linear(4, 2)
    def predict(x=torch.ones(1, 4)):
        out = net(x)
        return out.detach().numpy() if fix else out.numpy()
    return predict

def probe(predict):
    return predict()

def build():
    return _make(False)

def build_fixed():
    return _make(True)
