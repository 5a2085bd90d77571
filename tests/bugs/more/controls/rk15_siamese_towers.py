"""rk15 (control): DPR with one shared encoder: question_encoder and ctx_encoder are the same module

Link: https://arxiv.org/abs/2004.04906
Why it is NOT a bug: a two-tower model with tied towers: sharing across towers is the option
    share_parameters
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk15',
 'cls': 'control',
 'title': 'DPR with one shared encoder: question_encoder and ctx_encoder are the same module',
 'link': 'https://arxiv.org/abs/2004.04906',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'a two-tower model with tied towers: sharing across towers is the option share_parameters',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Encoder(nn.Module):
    def __init__(self, v=80, d=24):
        super().__init__()
        self.emb = nn.Embedding(v, d, padding_idx=0)
        self.layer = nn.TransformerEncoderLayer(d, 4, 48, batch_first=True)

    def forward(self, ids):
        return self.layer(self.emb(ids), src_key_padding_mask=ids == 0)[:, 0]

class BiEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.question_model = Encoder()
        self.ctx_model = self.question_model

    def forward(self, q, c):
        return self.question_model(q) @ self.ctx_model(c).T / 5

def build():
    return BiEncoder()

def example_input():
    return torch.tensor([[3, 4, 5, 0], [6, 7, 0, 0]]), torch.tensor([[8, 9, 10, 11], [12, 13, 0, 0]])
