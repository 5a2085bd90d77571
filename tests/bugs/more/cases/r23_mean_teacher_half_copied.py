"""r23 (class 3): the teacher's BatchNorm buffers and last layer are skipped when the student is copied over it

Link: https://github.com/Britefury/self-ensemble-visual-domain-adapt/issues/6
Numerically: teacher.net.* equals the student but teacher.head.* is its own noise
Expected finding: replica_mismatch  [visible from M]
"""
META = {'id': 'r23',
 'cls': 3,
 'title': "the teacher's BatchNorm buffers and last layer are skipped when the student is copied over it",
 'link': 'https://github.com/Britefury/self-ensemble-visual-domain-adapt/issues/6',
 'also': [],
 'level': 'M',
 'expect': ['replica_mismatch'],
 'sees': 'teacher.net.* equals the student but teacher.head.* is its own noise',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Classifier(nn.Module):
    def __init__(self, d=16, h=24, classes=6):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, h), nn.BatchNorm1d(h), nn.ReLU(), nn.Linear(h, h), nn.ReLU())
        self.head = nn.Linear(h, classes)

    def forward(self, x):
        return self.head(self.net(x))

class MeanTeacher(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.student, self.teacher = Classifier(), Classifier()
        part = "" if fix else "net."
        for (name, t), s in zip(self.teacher.named_parameters(), self.student.parameters()):
            if name.startswith(part):
                t.data.copy_(s.data)
            t.requires_grad_(False)

    def forward(self, x):
        return self.student(x), self.teacher(x)

def _make(fix):
    return MeanTeacher(fix)

def example_input():
    return (torch.randn(9, 16),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
