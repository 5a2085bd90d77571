"""s56 (class 7): layer norm in half precision with eps=1e-12: the epsilon rounds to zero and a padding
    row gives NaN

Link: https://github.com/pytorch/pytorch/issues/41527
Also: https://github.com/deepspeedai/DeepSpeed/issues/581
Also: https://github.com/tensorflow/tensorflow/pull/24979
Numerically: 0 * inf = NaN in the row of the padding token
Expected finding: nan_inf, lost_signal, failed_forward  [visible from F: one forward pass / first-
    step gradient]
"""
META = {'id': 's56',
 'cls': 7,
 'title': 'layer norm in half precision with eps=1e-12: the epsilon rounds to zero and a padding row gives '
          'NaN',
 'link': 'https://github.com/pytorch/pytorch/issues/41527',
 'also': ['https://github.com/deepspeedai/DeepSpeed/issues/581',
          'https://github.com/tensorflow/tensorflow/pull/24979'],
 'level': 'F',
 'expect': ['nan_inf', 'lost_signal', 'failed_forward'],
 'sees': '0 * inf = NaN in the row of the padding token',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Norm(nn.Module):
    def __init__(self, d, eps):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d)), eps

    def forward(self, x):
        x = x - x.mean(-1, keepdim=True)
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.eps) * self.weight + self.bias

class Net(nn.Module):
    def __init__(self, fix, n=50, d=32):
        super().__init__()
        self.emb = nn.Embedding(n, d, padding_idx=0)
        self.norm = Norm(d, 1e-5 if fix else 1e-12)
        self.fc = nn.Linear(d, d)

    def forward(self, ids):
        return self.fc(self.norm(self.emb(ids)))

def _make(fix):
    return Net(fix).half()

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[3, 4, 5, 0, 0], [7, 8, 0, 0, 0]]),)
