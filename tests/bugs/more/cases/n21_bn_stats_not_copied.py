"""n21 (class 2): the copy loop goes over parameters(): BatchNorm's running statistics stay at 0 and 1

Link: https://github.com/CuriousAI/mean-teacher/issues/9
Numerically: all weights equal the reference; running_mean = 0, running_var = 1
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n21',
 'cls': 2,
 'title': "the copy loop goes over parameters(): BatchNorm's running statistics stay at 0 and 1",
 'link': 'https://github.com/CuriousAI/mean-teacher/issues/9',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'all weights equal the reference; running_mean = 0, running_var = 1',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3), nn.BatchNorm2d(16))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))

def reference_state():
    g = torch.Generator().manual_seed(8)
    sd = {}
    for k, v in Net().state_dict().items():
        if k.endswith("num_batches_tracked"):
            sd[k] = torch.tensor(1200)
        elif k.endswith("running_var"):
            sd[k] = 0.3 + torch.rand(v.shape, generator=g)
        else:
            sd[k] = 0.1 * torch.randn(v.shape, generator=g)
    return sd

def _make(fix):
    m, sd = Net(), reference_state()
    if fix:
        m.load_state_dict(sd)
    else:
        with torch.no_grad():
            for n, p in m.named_parameters():
                p.copy_(sd[n])
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 12, 12),)
