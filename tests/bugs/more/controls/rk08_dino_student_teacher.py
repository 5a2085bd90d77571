"""rk08 (control): DINO: teacher = student at the start, weight_g of the last layer is one and frozen

Link: https://arxiv.org/abs/2104.14294
Why it is NOT a bug: teacher.load_state_dict(student.state_dict()), no gradient to the teacher; the
    centre buffer is zero
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk08',
 'cls': 'control',
 'title': 'DINO: teacher = student at the start, weight_g of the last layer is one and frozen',
 'link': 'https://arxiv.org/abs/2104.14294',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'teacher.load_state_dict(student.state_dict()), no gradient to the teacher; the centre buffer is '
         'zero',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Head(nn.Module):
    def __init__(self, d=24, out=40):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(d, 32), nn.GELU(), nn.Linear(32, 16))
        for m in self.mlp:
            if isinstance(m, nn.Linear):
                nn.init.trunc_normal_(m.weight, std=0.02)
                nn.init.zeros_(m.bias)
        self.last_layer = nn.utils.parametrizations.weight_norm(nn.Linear(16, out, bias=False))
        self.last_layer.parametrizations.weight.original0.data.fill_(1)
        self.last_layer.parametrizations.weight.original0.requires_grad = False

    def forward(self, x):
        return self.last_layer(nn.functional.normalize(self.mlp(x), dim=-1))

class DINO(nn.Module):
    def __init__(self):
        super().__init__()
        make = lambda: nn.Sequential(nn.Linear(20, 24), nn.GELU(), Head())
        self.student, self.teacher = make(), make()
        self.teacher.load_state_dict(self.student.state_dict())
        self.teacher.requires_grad_(False)
        self.register_buffer("center", torch.zeros(1, 40))

    def forward(self, x):
        with torch.no_grad():
            t = ((self.teacher(x) - self.center) / 0.04).softmax(-1)
        return -(t * (self.student(x) / 0.1).log_softmax(-1)).sum(-1)

def build():
    return DINO()

def example_input():
    return (torch.randn(6, 20),)
