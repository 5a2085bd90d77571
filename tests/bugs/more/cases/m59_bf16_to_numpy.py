"""m59 (class 9): embeddings of a bfloat16 encoder go to numpy: TypeError, Got unsupported ScalarType
BFloat16

Link: https://github.com/embeddings-benchmark/mteb/issues/1297
Numerically: numpy has no bfloat16
Expected finding: unsupported_dtype  [visible from X: running the offending operation]
"""
META = {'id': 'm59',
 'cls': 9,
 'title': 'embeddings of a bfloat16 encoder go to numpy: TypeError, Got unsupported ScalarType BFloat16',
 'link': 'https://github.com/embeddings-benchmark/mteb/issues/1297',
 'also': [],
 'level': 'X',
 'expect': ['unsupported_dtype'],
 'sees': 'numpy has no bfloat16',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def probe(net):
    return [p.detach().numpy() for p in net.parameters()]

def _make(fix):
    return nn.Sequential(nn.Embedding(20, 8), nn.Linear(8, 4)).to(torch.float32 if fix else torch.bfloat16)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
