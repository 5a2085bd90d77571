"""n87 (class 8): recurrent states are plain tensor attributes instead of buffers

Link: https://github.com/styalai/xLSTM-pytorch/issues/2
Numerically: ct_1 and nt_1 do not follow .to() and are not in the state dict
Expected finding: unregistered  [visible from M: the live module object]
"""
META = {'id': 'n87',
 'cls': 8,
 'title': 'recurrent states are plain tensor attributes instead of buffers',
 'link': 'https://github.com/styalai/xLSTM-pytorch/issues/2',
 'also': [],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'ct_1 and nt_1 do not follow .to() and are not in the state dict',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class sLSTM(nn.Module):
    def __init__(self, fix, d=16):
        super().__init__()
        self.W = nn.Linear(d, 4 * d)
        proj = torch.randn(d, d) / d ** 0.5
        if fix:
            self.register_buffer("proj", proj)
            self.register_buffer("ct_1", torch.zeros(1, d))
            self.register_buffer("nt_1", torch.zeros(1, d))
        else:
            self.proj, self.ct_1, self.nt_1 = proj, torch.zeros(1, d), torch.zeros(1, d)

    def forward(self, x):
        z, i, f, o = self.W(x).chunk(4, -1)
        c = f.sigmoid() * self.ct_1 + i.exp() * z.tanh()
        n = f.sigmoid() * self.nt_1 + i.exp()
        return o.sigmoid() * (c / n) @ self.proj

def _make(fix):
    return sLSTM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 16),)
