"""p01 (class 1): BertEmbeddings gains padding_idx=0, the class's init_weights draws word embeddings
    over it

Link: https://github.com/huggingface/transformers/pull/358
Numerically: word_embeddings row 0 is N(0, 0.02)
Expected finding: padding_row_nonzero  [visible from M: the live module object]
"""
META = {'id': 'p01',
 'cls': 1,
 'title': "BertEmbeddings gains padding_idx=0, the class's init_weights draws word embeddings over it",
 'link': 'https://github.com/huggingface/transformers/pull/358',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'word_embeddings row 0 is N(0, 0.02)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Embeddings(nn.Module):
    def __init__(self, d=40):
        super().__init__()
        self.word_embeddings = nn.Embedding(211, d, padding_idx=0)
        self.position_embeddings = nn.Embedding(33, d)
        self.token_type_embeddings = nn.Embedding(2, d)
        self.LayerNorm = nn.LayerNorm(d)

    def forward(self, ids):
        p = torch.arange(ids.shape[1])
        return self.LayerNorm(self.word_embeddings(ids) + self.position_embeddings(p) + self.token_type_embeddings.weight[0])

class Bert(nn.Module):
    def __init__(self, fix):
        super().__init__()
        self.embeddings = Embeddings()
        self.pooler = nn.Linear(40, 40)
        for m in self.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                m.weight.data.normal_(mean=0.0, std=0.02)
            if fix and isinstance(m, nn.Embedding) and m.padding_idx is not None:
                m.weight.data[m.padding_idx].zero_()

    def forward(self, ids):
        return self.pooler(self.embeddings(ids)[:, 0])

def _make(fix):
    return Bert(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[3, 8, 9, 0, 0]]),)
