"""u13 (class 11): for p in seq2seq.parameters(): p.data.uniform_(-0.08, 0.08) runs after the word vectors were loaded

Link: https://github.com/IBM/pytorch-seq2seq/issues/147
Numerically: not one row of the encoder's table is the vector of its word
Expected finding: ckpt_mismatch, pretrained_changed, vectors_mismatch  [visible from R]
"""
META = {'id': 'u13',
 'cls': 11,
 'title': 'for p in seq2seq.parameters(): p.data.uniform_(-0.08, 0.08) runs after the word vectors were loaded',
 'link': 'https://github.com/IBM/pytorch-seq2seq/issues/147',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'pretrained_changed', 'vectors_mismatch'],
 'sees': "not one row of the encoder's table is the vector of its word",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _vectors(words=120, d=24):
    g = torch.Generator().manual_seed(7)
    return torch.randn(words, d, generator=g) * (0.2 + torch.rand(words, 1, generator=g))

class Seq2Seq(nn.Module):
    """The two tables that the vectors go to; the recurrent layers in between are left out."""

    def __init__(self, fix):
        super().__init__()
        self.source = nn.Embedding.from_pretrained(_vectors(), freeze=False)
        self.target = nn.Embedding.from_pretrained(_vectors().flip(0), freeze=False)
        for p in [] if fix else self.parameters():
            p.data.uniform_(-0.08, 0.08)

    def forward(self, source, target):
        return torch.softmax(self.target(target) @ self.source(source).mT / 5, -1)

def reference_state():
    return {"source.weight": _vectors(), "target.weight": _vectors().flip(0)}

def _make(fix):
    return Seq2Seq(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(120, (2, 6)), torch.randint(120, (2, 5)))
