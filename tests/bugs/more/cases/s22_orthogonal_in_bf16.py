"""s22 (class 7): QR does not exist in half precision; the work-around orthogonalises in bfloat16 by
    Gram-Schmidt

Link: https://github.com/pytorch/pytorch/issues/9315
Also: https://github.com/huggingface/transformers/pull/47252
Also: https://github.com/tensorflow/tensorflow/issues/43928
Numerically: rows overlap by several per cent: errors of 2**-8 accumulate over 96 rows
Expected finding: not_orthogonal  [visible from S: the author's declared intention (spec)]
"""
META = {'id': 's22',
 'cls': 7,
 'title': 'QR does not exist in half precision; the work-around orthogonalises in bfloat16 by Gram-Schmidt',
 'link': 'https://github.com/pytorch/pytorch/issues/9315',
 'also': ['https://github.com/huggingface/transformers/pull/47252',
          'https://github.com/tensorflow/tensorflow/issues/43928'],
 'level': 'S',
 'expect': ['not_orthogonal'],
 'sees': 'rows overlap by several per cent: errors of 2**-8 accumulate over 96 rows',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'0.weight': ['orthogonal']}}

import math
import torch
from torch import nn

def _gram_schmidt(w):
    rows = []
    for v in w:
        for r in rows:
            v = v - (v @ r) * r
        rows.append(v / v.norm())
    return torch.stack(rows)

def _make(fix, d=96):
    lin = nn.Linear(d, d, bias=False, dtype=torch.bfloat16)
    with torch.no_grad():
        if fix:
            lin.weight.copy_(nn.init.orthogonal_(torch.empty(d, d)))
        else:
            lin.weight.copy_(_gram_schmidt(torch.randn(d, d).to(torch.bfloat16)))
    return nn.Sequential(lin)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(3, 96, dtype=torch.bfloat16),)
