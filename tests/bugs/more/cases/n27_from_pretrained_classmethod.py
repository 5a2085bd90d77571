"""n27 (class 2): self.embedding.from_pretrained(vectors) is a class method: its result is thrown away

Link: https://github.com/fenchri/edge-oriented-graph/issues/12
Numerically: the table is N(0, 1) noise, not the vectors
Expected finding: ckpt_mismatch  [visible from R: a reference (checkpoint, other rank/seed/device,
    vector file)]
"""
META = {'id': 'n27',
 'cls': 2,
 'title': 'self.embedding.from_pretrained(vectors) is a class method: its result is thrown away',
 'link': 'https://github.com/fenchri/edge-oriented-graph/issues/12',
 'also': [],
 'level': 'R',
 'expect': ['ckpt_mismatch'],
 'sees': 'the table is N(0, 1) noise, not the vectors',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class EmbedLayer(nn.Module):
    def __init__(self, fix, v=300, d=20):
        super().__init__()
        self.embedding = nn.Embedding(v, d)
        vectors = reference_state()["embedding.weight"]
        if fix:
            self.embedding = nn.Embedding.from_pretrained(vectors.clone(), freeze=False)
        else:
            self.embedding.from_pretrained(vectors.clone(), freeze=False)

    def forward(self, ids):
        return F.dropout(self.embedding(ids), 0.5, self.training)

def reference_state():
    g = torch.Generator().manual_seed(77)
    return {"embedding.weight": 0.35 * torch.randn(300, 20, generator=g) + 0.02}

def _make(fix):
    return EmbedLayer(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 300, (2, 8)),)
