"""m80 (class 10): the optimizer is made before resize_token_embeddings: it steps the old table

Link: https://github.com/huggingface/transformers/pull/3532
Numerically: the optimizer's tensor is no parameter of the model any more
Expected finding: stale_optimizer  [visible from M: the live module object]
"""
META = {'id': 'm80',
 'cls': 10,
 'title': 'the optimizer is made before resize_token_embeddings: it steps the old table',
 'link': 'https://github.com/huggingface/transformers/pull/3532',
 'also': [],
 'level': 'M',
 'expect': ['stale_optimizer'],
 'sees': "the optimizer's tensor is no parameter of the model any more",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, fix, n=30, d=8):
        super().__init__()
        self.emb = nn.Embedding(n, d)
        self.head = nn.Linear(d, 2)
        if not fix:
            self.optimizer = torch.optim.AdamW(self.parameters(), lr=1e-3)
        bigger = nn.Embedding(n + 4, d)
        with torch.no_grad():
            bigger.weight[:n] = self.emb.weight
        self.emb = bigger
        if fix:
            self.optimizer = torch.optim.AdamW(self.parameters(), lr=1e-3)

    def forward(self, ids):
        return self.head(self.emb(ids))

def _make(fix):
    return Net(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2]]),)
