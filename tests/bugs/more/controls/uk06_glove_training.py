"""uk06 (control): GloVe: two tables and two bias tables U(+-0.5/d), all sparse, stepped by Adagrad

Link: https://nlp.stanford.edu/projects/glove/
Why it is NOT a bug: small uniform draws are the reference implementation's; Adagrad without decay takes sparse gradients
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'uk06',
 'cls': 'control',
 'title': 'GloVe: two tables and two bias tables U(+-0.5/d), all sparse, stepped by Adagrad',
 'link': 'https://nlp.stanford.edu/projects/glove/',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': "small uniform draws are the reference implementation's; Adagrad without decay takes sparse gradients",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GloVe(nn.Module):
    def __init__(self, words=800, d=50):
        super().__init__()
        self.w, self.w_tilde = nn.Embedding(words, d, sparse=True), nn.Embedding(words, d, sparse=True)
        self.b, self.b_tilde = nn.Embedding(words, 1, sparse=True), nn.Embedding(words, 1, sparse=True)
        for table in (self.w, self.w_tilde, self.b, self.b_tilde):
            nn.init.uniform_(table.weight, -0.5 / d, 0.5 / d)
        self.optimizer = torch.optim.Adagrad(self.parameters(), lr=0.05, initial_accumulator_value=1.0)

    def forward(self, i, j):
        return (self.w(i) * self.w_tilde(j)).sum(-1) + self.b(i).squeeze(-1) + self.b_tilde(j).squeeze(-1)

def build():
    return GloVe()

def example_input():
    return (torch.randint(800, (64,)), torch.randint(800, (64,)))
