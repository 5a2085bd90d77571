"""r33 (class 6): forget bias in TensorFlow's gate order (i, j, f, o): in torch the third quarter is the cell gate

Link: https://github.com/pytorch/pytorch/issues/750
Numerically: bias[2h:3h] is 1, which is the cell candidate; the forget gate has 0
Expected finding: wrong_gate_init, special_init_overwritten  [visible from M]
"""
META = {'id': 'r33',
 'cls': 6,
 'title': "forget bias in TensorFlow's gate order (i, j, f, o): in torch the third quarter is the cell gate",
 'link': 'https://github.com/pytorch/pytorch/issues/750',
 'also': [],
 'level': 'M',
 'expect': ['wrong_gate_init', 'special_init_overwritten'],
 'sees': 'bias[2h:3h] is 1, which is the cell candidate; the forget gate has 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self, fix, v=60, d=16, h=20):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        self.lstm = nn.LSTM(d, h, bidirectional=True, batch_first=True)
        self.out = nn.Linear(2 * h, 5)
        start = h if fix else 2 * h
        for name, p in self.lstm.named_parameters():
            if name.startswith("bias"):
                nn.init.zeros_(p)
                if "ih" in name:
                    p.data[start : start + h] = 1.0

    def forward(self, ids):
        return self.out(self.lstm(self.emb(ids))[0])

def _make(fix):
    return Tagger(fix)

def example_input():
    return (torch.randint(0, 60, (3, 8)),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
