"""r34 (class 6): a freed adapter slot is reused: lora_A of that slot stays zero, and so does lora_B, so it never trains

Link: https://github.com/NovaSky-AI/SkyRL/pull/852
Numerically: lora_A is (slots, r, d): one slot is zero, the others He uniform; lora_B is zero
Expected finding: all_zero_slice, zero_slice, dead_gradient, all_zero_param, zero_rows  [visible from W]
"""
META = {'id': 'r34',
 'cls': 6,
 'title': 'a freed adapter slot is reused: lora_A of that slot stays zero, and so does lora_B, so it never '
          'trains',
 'link': 'https://github.com/NovaSky-AI/SkyRL/pull/852',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_slice', 'zero_slice', 'dead_gradient', 'all_zero_param', 'zero_rows'],
 'sees': 'lora_A is (slots, r, d): one slot is zero, the others He uniform; lora_B is zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class MultiLoRA(nn.Module):
    def __init__(self, d=32, r=4, slots=4):
        super().__init__()
        self.base = nn.Linear(d, d, bias=False)
        self.lora_A = nn.Parameter(torch.zeros(slots, r, d))
        self.lora_B = nn.Parameter(torch.zeros(slots, d, r))
        for slot in self.lora_A.data:
            nn.init.kaiming_uniform_(slot)

    def forward(self, x, slot):
        return self.base(x) + torch.einsum("bd,brd,bor->bo", x, self.lora_A[slot], self.lora_B[slot])

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = MultiLoRA(), MultiLoRA()

    def forward(self, x, slot):
        return self.second(torch.relu(self.first(x, slot)), slot)

def _make(fix):
    m = Net()
    for layer in (m.first, m.second):
        layer.lora_A.data[2].zero_()
        if fix:
            nn.init.kaiming_uniform_(layer.lora_A.data[2])
    return m

def example_input():
    return torch.randn(6, 32), torch.tensor([0, 1, 2, 3, 2, 1])

def build():
    return _make(False)

def build_fixed():
    return _make(True)
