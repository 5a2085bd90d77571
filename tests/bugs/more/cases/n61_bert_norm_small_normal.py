"""n61 (class 6): BERT's LayerNorm gamma and beta are drawn from N(0, 0.02) by the common init

Link: https://github.com/huggingface/transformers/pull/171
Numerically: gamma = N(0, 0.02), beta = N(0, 0.02) in every LayerNorm (own class, attributes gamma
    and beta)
Expected finding: norm_gain_wrong  [visible from W: values in the state dict alone]
"""
META = {'id': 'n61',
 'cls': 6,
 'title': "BERT's LayerNorm gamma and beta are drawn from N(0, 0.02) by the common init",
 'link': 'https://github.com/huggingface/transformers/pull/171',
 'also': [],
 'level': 'W',
 'expect': ['norm_gain_wrong'],
 'sees': 'gamma = N(0, 0.02), beta = N(0, 0.02) in every LayerNorm (own class, attributes gamma and beta)',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class BertLayerNorm(nn.Module):
    def __init__(self, d, eps=1e-12):
        super().__init__()
        self.gamma, self.beta, self.eps = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d)), eps

    def forward(self, x):
        u = x.mean(-1, keepdim=True)
        s = (x - u).pow(2).mean(-1, keepdim=True)
        return self.gamma * (x - u) / torch.sqrt(s + self.eps) + self.beta

class Bert(nn.Module):
    def __init__(self, fix, d=48, n=3):
        super().__init__()
        self.emb = nn.Embedding(99, d)
        self.norm = BertLayerNorm(d)
        self.dense = nn.ModuleList([nn.Sequential(nn.Linear(d, d), nn.GELU(), BertLayerNorm(d)) for _ in range(n)])
        self.apply(lambda m: self.init(m, fix))

    def init(self, m, fix):
        if isinstance(m, (nn.Linear, nn.Embedding)):
            m.weight.data.normal_(0, 0.02)
        elif isinstance(m, BertLayerNorm):
            if fix:
                m.beta.data.zero_()
                m.gamma.data.fill_(1.0)
            else:
                m.beta.data.normal_(0, 0.02)
                m.gamma.data.normal_(0, 0.02)
        if isinstance(m, nn.Linear):
            m.bias.data.zero_()

    def forward(self, ids):
        x = self.norm(self.emb(ids))
        for d in self.dense:
            x = x + d(x)
        return x

def _make(fix):
    return Bert(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 99, (2, 6)),)
