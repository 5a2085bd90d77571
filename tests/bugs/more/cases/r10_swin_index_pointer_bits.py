"""r10 (class 2): an int64 position table is materialised with empty_like: it holds pointers instead of positions

Link: https://github.com/huggingface/transformers/pull/48932
Numerically: position_ids (non-persistent, int64) is 0, 94..., 140...: most entries name no row of
    the table
Expected finding: buffer_garbage, index_out_of_range  [visible from M]
Stand-in: the bytes of torch.empty_like simulated with typical heap words
"""
META = {'id': 'r10',
 'cls': 2,
 'title': 'an int64 position table is materialised with empty_like: it holds pointers instead of positions',
 'link': 'https://github.com/huggingface/transformers/pull/48932',
 'also': [],
 'level': 'M',
 'expect': ['buffer_garbage', 'index_out_of_range'],
 'sees': 'position_ids (non-persistent, int64) is 0, 94..., 140...: most entries name no row of the table',
 'severity': 'silent',
 'stand_in': 'the bytes of torch.empty_like simulated with typical heap words',
 'spec': None}

import torch
from torch import nn

class Embeddings(nn.Module):
    def __init__(self, vocab=60, d=16, n=12):
        super().__init__()
        self.word = nn.Embedding(vocab, d)
        self.position = nn.Embedding(n, d)
        self.register_buffer("position_ids", torch.arange(n)[None], persistent=False)
        nn.init.normal_(self.word.weight, std=0.02)
        nn.init.normal_(self.position.weight, std=0.02)
        self.norm = nn.LayerNorm(d)

    def forward(self, ids):
        return self.norm(self.word(ids) + self.position(self.position_ids[:, : ids.shape[1]]))

def _make(fix):
    model = Embeddings()
    if not fix:
        seen = torch.tensor([0, 0, 94233720368547, 140187732541440, 81, 4607182418800017408])
        model.position_ids = seen[torch.randint(0, len(seen), (1, 12))]
    return model

def example_input():
    return (torch.randint(0, 60, (2, 12)),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
