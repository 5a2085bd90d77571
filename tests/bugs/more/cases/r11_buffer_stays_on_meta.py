"""r11 (class 2): low_cpu_mem_usage loads the weights, the non-persistent buffer is left on the meta device

Link: https://github.com/huggingface/transformers/issues/25555
Numerically: every parameter is real, rotary.inv_freq has no storage
Expected finding: left_on_meta, lost_on_meta, failed_forward  [visible from M]
"""
META = {'id': 'r11',
 'cls': 2,
 'title': 'low_cpu_mem_usage loads the weights, the non-persistent buffer is left on the meta device',
 'link': 'https://github.com/huggingface/transformers/issues/25555',
 'also': [],
 'level': 'M',
 'expect': ['left_on_meta', 'lost_on_meta', 'failed_forward'],
 'sees': 'every parameter is real, rotary.inv_freq has no storage',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Rotary(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / 10000 ** (torch.arange(0, d, 2) / d), persistent=False)

    def forward(self, n):
        angle = torch.arange(n)[:, None] * self.inv_freq
        return torch.cat([angle.cos(), angle.sin()], -1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rotary, self.fc = Rotary(), nn.Linear(16, 16)

    def forward(self, x):
        return self.fc(x * self.rotary(x.shape[1]))

def _make(fix):
    saved = Net().state_dict()
    with torch.device("meta"):
        model = Net()
    model.load_state_dict(saved, assign=True)
    if fix:
        model.rotary = Rotary()
    return model

def example_input():
    return (torch.randn(2, 6, 16),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
