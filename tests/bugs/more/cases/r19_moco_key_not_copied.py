"""r19 (class 3): MoCo: model_k is constructed on its own and never set to model_q

Link: https://github.com/peisuke/MomentumContrast.pytorch/issues/4
Numerically: model_k is frozen and moves only by momentum 0.999, but starts with weights of its own
Expected finding: replica_mismatch  [visible from M]
"""
META = {'id': 'r19',
 'cls': 3,
 'title': 'MoCo: model_k is constructed on its own and never set to model_q',
 'link': 'https://github.com/peisuke/MomentumContrast.pytorch/issues/4',
 'also': [],
 'level': 'M',
 'expect': ['replica_mismatch'],
 'sees': 'model_k is frozen and moves only by momentum 0.999, but starts with weights of its own',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def _net():
    return nn.Sequential(nn.Conv2d(1, 8, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 9, 16))

class MoCo(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.model_q = _net()
        self.model_k = copy.deepcopy(self.model_q) if fix else _net()
        for p in self.model_k.parameters():
            p.requires_grad = False

    @torch.no_grad()
    def momentum_update(self, m=0.999):
        for q, k in zip(self.model_q.parameters(), self.model_k.parameters()):
            k.mul_(m).add_(q, alpha=1 - m)

    def forward(self, x):
        q = nn.functional.normalize(self.model_q(x), dim=1)
        with torch.no_grad():
            k = nn.functional.normalize(self.model_k(x), dim=1)
        return q @ k.T / 0.2

def _make(fix):
    return MoCo(fix)

def example_input():
    return (torch.randn(6, 1, 8, 8),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
