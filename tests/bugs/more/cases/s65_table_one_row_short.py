"""s65 (class 11): ids start at 1 and the table has len(vocabulary) rows: the last word has none

Link: https://github.com/nateraw/Lda2vec-Tensorflow/issues/43
Also: https://github.com/LorrinWWW/Pyramid/issues/8
Numerically: index 60 is out of range for 60 rows
Expected finding: index_out_of_range, failed_forward  [visible from F: one forward pass / first-step
    gradient]
"""
META = {'id': 's65',
 'cls': 11,
 'title': 'ids start at 1 and the table has len(vocabulary) rows: the last word has none',
 'link': 'https://github.com/nateraw/Lda2vec-Tensorflow/issues/43',
 'also': ['https://github.com/LorrinWWW/Pyramid/issues/8'],
 'level': 'F',
 'expect': ['index_out_of_range', 'failed_forward'],
 'sees': 'index 60 is out of range for 60 rows',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

VOCAB = {f"w{i}": i + 1 for i in range(60)}

class Net(nn.Module):
    def __init__(self, fix, d=8):
        super().__init__()
        self.emb = nn.Embedding(len(VOCAB) + (1 if fix else 0), d)
        self.fc = nn.Linear(d, 2)

    def forward(self, ids):
        return self.fc(self.emb(ids).mean(1))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2, 60], [4, 5, 6]]),)
