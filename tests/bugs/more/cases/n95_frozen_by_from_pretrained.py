"""n95 (class 8): Embedding.from_pretrained freezes by default: the table that was to be fine-tuned is
    not

Link: https://github.com/RUCAIBox/RecBole/issues/2046
Numerically: emb.weight.requires_grad is False although the author fine-tunes it
Expected finding: frozen_parameter  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 'n95',
 'cls': 8,
 'title': 'Embedding.from_pretrained freezes by default: the table that was to be fine-tuned is not',
 'link': 'https://github.com/RUCAIBox/RecBole/issues/2046',
 'also': [],
 'level': 'S',
 'expect': ['frozen_parameter'],
 'sees': 'emb.weight.requires_grad is False although the author fine-tunes it',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'trainable': {'emb.weight': True}}}

import torch
from torch import nn
from torch.nn import functional as F

class TextCNN(nn.Module):
    def __init__(self, fix, v=400, d=32):
        super().__init__()
        vecs = torch.randn(v, d) * 0.4
        self.emb = nn.Embedding.from_pretrained(vecs, freeze=False) if fix else nn.Embedding.from_pretrained(vecs)
        self.conv = nn.Conv1d(d, 24, 3)
        self.fc = nn.Linear(24, 4)

    def forward(self, ids):
        return self.fc(F.relu(self.conv(self.emb(ids).transpose(1, 2))).amax(-1))

def _make(fix):
    return TextCNN(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 400, (2, 9)),)
