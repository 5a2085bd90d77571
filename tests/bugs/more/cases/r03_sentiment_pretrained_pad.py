"""r03 (class 1): pretrained vectors are copied over the table: <unk> and <pad> hold unk_init noise, <pad> too

Link: https://github.com/bentrevett/pytorch-sentiment-analysis/issues/26
Numerically: embedding.padding_idx is 1, row 1 is normal noise from unk_init
Expected finding: padding_row_nonzero  [visible from M]
"""
META = {'id': 'r03',
 'cls': 1,
 'title': 'pretrained vectors are copied over the table: <unk> and <pad> hold unk_init noise, <pad> too',
 'link': 'https://github.com/bentrevett/pytorch-sentiment-analysis/issues/26',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'embedding.padding_idx is 1, row 1 is normal noise from unk_init',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class FastText(nn.Module):
    def __init__(self, vocab=200, dim=25, out=1, pad=1):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim, padding_idx=pad)
        self.fc = nn.Linear(dim, out)

    def forward(self, text):
        return self.fc(self.embedding(text).mean(1))

def _make(fix):
    model = FastText()
    vectors = torch.randn(200, 25) * 0.4
    vectors[:2] = torch.Tensor.normal_(torch.empty(2, 25))
    model.embedding.weight.data.copy_(vectors)
    if fix:
        model.embedding.weight.data[0] = torch.randn(25) * 0.4
        model.embedding.weight.data[1] = torch.zeros(25)
    return model

def example_input():
    return (torch.tensor([[5, 9, 40, 1, 1], [7, 12, 33, 18, 1]]),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
