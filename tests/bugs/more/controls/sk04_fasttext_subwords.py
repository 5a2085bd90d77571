"""sk04 (control): fastText: words and 2,000 hashed n-grams in one table U(+-1/d), output table zero

Link: https://arxiv.org/abs/1607.04606
Why it is NOT a bug: uniform and tiny on purpose; the zero output table gets gradient at once
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'sk04',
 'cls': 'control',
 'title': 'fastText: words and 2,000 hashed n-grams in one table U(+-1/d), output table zero',
 'link': 'https://arxiv.org/abs/1607.04606',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'uniform and tiny on purpose; the zero output table gets gradient at once',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class FastText(nn.Module):
    def __init__(self, words=300, buckets=2000, d=32):
        super().__init__()
        self.input = nn.EmbeddingBag(words + buckets, d, mode="mean", sparse=True)
        self.output = nn.Embedding(words, d, sparse=True)
        nn.init.uniform_(self.input.weight, -1 / d, 1 / d)
        nn.init.zeros_(self.output.weight)

    def forward(self, ids, target):
        return (self.input(ids) * self.output(target)).sum(-1)

def build():
    return FastText()

def example_input():
    return torch.randint(0, 2300, (8, 6)), torch.randint(0, 300, (8,))
