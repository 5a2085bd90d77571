"""n20 (class 2): checkpoint saved from DataParallel: with strict=False not one key of 'module.*' is
    loaded

Link: https://github.com/pytorch/pytorch/issues/141256
Numerically: every tensor is a fresh default draw
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n20',
 'cls': 2,
 'title': "checkpoint saved from DataParallel: with strict=False not one key of 'module.*' is loaded",
 'link': 'https://github.com/pytorch/pytorch/issues/141256',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'every tensor is a fresh default draw',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 12, 3, bias=False)
        self.bn = nn.BatchNorm2d(12)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        return self.fc(torch.relu(self.bn(self.stem(x))).mean((2, 3)))

def reference_state():
    g = torch.Generator().manual_seed(3)
    sd = {}
    for k, v in Net().state_dict().items():
        if k.endswith("num_batches_tracked"):
            sd["module." + k] = torch.tensor(5000)
        elif "bn." in k:
            sd["module." + k] = 1 + 0.2 * torch.rand(v.shape, generator=g)
        else:
            sd["module." + k] = 0.15 * torch.randn(v.shape, generator=g)
    return sd

def _make(fix):
    m, sd = Net(), reference_state()
    if fix:
        sd = {k.removeprefix("module."): v for k, v in sd.items()}
    m.load_state_dict(sd, strict=False)
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(2, 3, 9, 9),)
