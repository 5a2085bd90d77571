"""n40 (class 3): the EMA teacher's projection head is constructed on its own instead of copied from
    the student's

Link: https://github.com/lightly-ai/lightly/pull/2066
Numerically: teacher_dino_head differs from student_dino_head before the first update
Expected finding: replica_mismatch  [visible from M: the live module object]
"""
META = {'id': 'n40',
 'cls': 3,
 'title': "the EMA teacher's projection head is constructed on its own instead of copied from the student's",
 'link': 'https://github.com/lightly-ai/lightly/pull/2066',
 'also': [],
 'level': 'M',
 'expect': ['replica_mismatch'],
 'sees': 'teacher_dino_head differs from student_dino_head before the first update',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import copy
import torch
from torch import nn

def head():
    return nn.Sequential(nn.Linear(32, 48), nn.GELU(), nn.Linear(48, 16, bias=False))

class DINO(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.student_backbone = nn.Sequential(nn.Flatten(), nn.Linear(3 * 64, 32))
        self.teacher_backbone = copy.deepcopy(self.student_backbone)
        self.student_dino_head = head()
        self.teacher_dino_head = copy.deepcopy(self.student_dino_head) if fix else head()
        for p in [*self.teacher_backbone.parameters(), *self.teacher_dino_head.parameters()]:
            p.requires_grad = False

    def forward(self, x):
        return self.student_dino_head(self.student_backbone(x)), self.teacher_dino_head(self.teacher_backbone(x))

def _make(fix):
    return DINO(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 8, 8),)
