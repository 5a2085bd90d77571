"""m82 (class 11): word ids start at 1 (0 is the pad) but the vectors are copied from 0: every word has
its neighbour's vector

Link: https://github.com/zhaogaofeng611/TextMatch/issues/10
Numerically: row i + 1 of the table should be row i of the vectors
Expected finding: row_order, ckpt_mismatch, vectors_mismatch  [visible from R: a reference
    (checkpoint, other rank/seed/device, vector file)]
"""
META = {'id': 'm82',
 'cls': 11,
 'title': 'word ids start at 1 (0 is the pad) but the vectors are copied from 0: every word has its '
          "neighbour's vector",
 'link': 'https://github.com/zhaogaofeng611/TextMatch/issues/10',
 'also': [],
 'level': 'R',
 'expect': ['row_order', 'ckpt_mismatch', 'vectors_mismatch'],
 'sees': 'row i + 1 of the table should be row i of the vectors',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

_N, _D = 90, 16

def _vectors():
    g = torch.Generator().manual_seed(11)
    return torch.cat([torch.zeros(1, _D), torch.randn(_N, _D, generator=g) * 0.4])

def reference_state():
    return {"emb.weight": _vectors()}

class Net(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.emb = nn.Embedding(_N + 1, _D, padding_idx=0 if fix else _N)
        v = _vectors()
        with torch.no_grad():
            self.emb.weight.copy_(v if fix else torch.cat([v[1:], v[:1]]))

    def forward(self, ids):
        return self.emb(ids)

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2]]),)
