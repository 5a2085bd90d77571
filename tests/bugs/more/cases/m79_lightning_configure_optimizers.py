"""m79 (class 10): a Lightning module with sparse embeddings returns one AdamW for all parameters

Link: https://github.com/huggingface/transformers/issues/30276
Numerically: RuntimeError: AdamW does not support sparse gradients
Expected finding: sparse_optimizer  [visible from X: running the offending operation]
"""
META = {'id': 'm79',
 'cls': 10,
 'title': 'a Lightning module with sparse embeddings returns one AdamW for all parameters',
 'link': 'https://github.com/huggingface/transformers/issues/30276',
 'also': [],
 'level': 'X',
 'expect': ['sparse_optimizer'],
 'sees': 'RuntimeError: AdamW does not support sparse gradients',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Lit(nn.Module):
    def __init__(self, fix, n=50, d=8):
        super().__init__()
        self.fix = fix
        self.emb = nn.EmbeddingBag(n, d, mode="mean", sparse=True)
        self.fc = nn.Linear(d, 1)

    def forward(self, ids):
        return self.fc(self.emb(ids))

    def configure_optimizers(self):
        if self.fix:
            return [torch.optim.SparseAdam(list(self.emb.parameters())), torch.optim.AdamW(self.fc.parameters())]
        return torch.optim.AdamW(self.parameters(), lr=1e-3)

def probe(net):
    net(torch.tensor([[1, 2]])).sum().backward()
    net.configure_optimizers().step()

def _make(fix):
    return Lit(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2], [3, 4]]),)
