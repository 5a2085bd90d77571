"""p05 (class 2): the deployed model has dwconv.bias, the training checkpoint has not: a conversion
    step was forgotten

Link: https://github.com/AILab-CVC/UniRepLKNet/issues/3
Numerically: bias tensors of the model are fresh draws that no checkpoint holds
Expected finding: ckpt_mismatch, missing_tensor  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 'p05',
 'cls': 2,
 'title': 'the deployed model has dwconv.bias, the training checkpoint has not: a conversion step was '
          'forgotten',
 'link': 'https://github.com/AILab-CVC/UniRepLKNet/issues/3',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'missing_tensor'],
 'sees': 'bias tensors of the model are fresh draws that no checkpoint holds',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, bias):
        super().__init__()
        self.dwconv = nn.Conv2d(16, 16, 7, padding=3, groups=16, bias=bias)
        self.pw = nn.Linear(16, 16)

    def forward(self, x):
        return self.pw(self.dwconv(x).permute(0, 2, 3, 1))

def reference_state():
    g = torch.Generator().manual_seed(41)
    return {k: 0.1 * torch.randn(v.shape, generator=g) for k, v in Block(False).state_dict().items()}

def _make(fix):
    m = Block(bias=not fix)
    m.load_state_dict(reference_state(), strict=False)
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(1, 16, 9, 9),)
