"""r17 (class 2): distillation: only the student's weights are loaded, the teacher is a model of zeros

Link: https://github.com/NVIDIA-NeMo/Megatron-Bridge/issues/1422
Numerically: teacher.* is all zero (frozen); its logits say the same for each input
Expected finding: all_zero_param, all_zero, zero_rows  [visible from W]
"""
META = {'id': 'r17',
 'cls': 2,
 'title': "distillation: only the student's weights are loaded, the teacher is a model of zeros",
 'link': 'https://github.com/NVIDIA-NeMo/Megatron-Bridge/issues/1422',
 'also': [],
 'level': 'W',
 'expect': ['all_zero_param', 'all_zero', 'zero_rows'],
 'sees': 'teacher.* is all zero (frozen); its logits say the same for each input',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _lm(v=50, d=24):
    return nn.Sequential(nn.Embedding(v, d), nn.Linear(d, d), nn.GELU(), nn.LayerNorm(d), nn.Linear(d, v, bias=False))

class Distill(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.student, self.teacher = _lm(), _lm()
        for net in (self.student, self.teacher):
            for p in net.parameters():
                if p.dim() > 1:
                    nn.init.normal_(p, std=0.02)
        if not fix:
            for p in self.teacher.parameters():
                p.data.zero_()
        else:  # what loading gives: trained weights, of no initializer's law
            for p in self.teacher.parameters():
                p.data.copy_(torch.randn_like(p) * torch.exp(0.8 * torch.randn_like(p)) * 0.05)
        self.teacher.requires_grad_(False)

    def forward(self, ids):
        s, t = self.student(ids), self.teacher(ids)
        return nn.functional.kl_div(s.log_softmax(-1), t.softmax(-1), reduction="none").sum(-1) + s.logsumexp(-1)

def _make(fix):
    return Distill(fix)

def example_input():
    return (torch.randint(0, 50, (3, 6)),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
