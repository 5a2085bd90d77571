"""n23 (class 2): special tokens fall into the table's alignment padding: their rows are never
    initialised and stay zero

Link: https://github.com/hiyouga/LlamaFactory/pull/10547
Numerically: the last 56 rows of the embedding and of lm_head are zero; 9 of them are real tokens
Expected finding: zero_rows, unexpected_zero_row  [visible from W: values in the state dict alone]
"""
META = {'id': 'n23',
 'cls': 2,
 'title': "special tokens fall into the table's alignment padding: their rows are never initialised and stay "
          'zero',
 'link': 'https://github.com/hiyouga/LlamaFactory/pull/10547',
 'also': [],
 'level': 'W',
 'expect': ['zero_rows', 'unexpected_zero_row'],
 'sees': 'the last 56 rows of the embedding and of lm_head are zero; 9 of them are real tokens',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, fix, used=1000, table=1056, d=24):
        super().__init__()
        self.embed_tokens = nn.Embedding(table, d)
        self.lm_head = nn.Linear(d, table, bias=False)
        with torch.no_grad():
            for w in (self.embed_tokens.weight, self.lm_head.weight):
                w.normal_(0, 0.02)
                if fix:
                    w[used:] = w[:used].mean(0) + 0.02 * torch.randn(table - used, d)
                else:
                    w[used:] = 0

    def forward(self, ids):
        return self.lm_head(self.embed_tokens(ids))

def _make(fix):
    return LM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 44, 1003, 2]]),)
