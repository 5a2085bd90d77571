"""m84 (class 11): self.emb.from_pretrained(vectors) is a classmethod: the result is dropped, the table
stays N(0, 1)

Link: https://github.com/fenchri/edge-oriented-graph/issues/12
Numerically: no row of the table is a row of the vector file
Expected finding: ckpt_mismatch, vectors_mismatch, pretrained_changed  [visible from R: a reference
    (checkpoint, other rank/seed/device, vector file)]
"""
META = {'id': 'm84',
 'cls': 11,
 'title': 'self.emb.from_pretrained(vectors) is a classmethod: the result is dropped, the table stays N(0, '
          '1)',
 'link': 'https://github.com/fenchri/edge-oriented-graph/issues/12',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch', 'vectors_mismatch', 'pretrained_changed'],
 'sees': 'no row of the table is a row of the vector file',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _vectors():
    return torch.randn(60, 20, generator=torch.Generator().manual_seed(3)) * 0.35

def reference_state():
    return {"emb.weight": _vectors()}

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.emb = nn.Embedding(60, 20)
        if fix:
            self.emb = nn.Embedding.from_pretrained(_vectors(), freeze=False)
        else:
            self.emb.from_pretrained(_vectors())

    def forward(self, ids):
        return self.emb(ids).mean(1)

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 3]]),)
