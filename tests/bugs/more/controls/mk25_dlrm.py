"""mk25 (control): DLRM: tables U(+-sqrt(1/n)) by the number of rows, MLP normal with 2/(m+n), bias
normal with 1/m

Link: https://github.com/meta-pytorch/torchrec/issues/1824
Why it is NOT a bug: the table's scale depends on its rows on purpose
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk25',
 'cls': 'control',
 'title': 'DLRM: tables U(+-sqrt(1/n)) by the number of rows, MLP normal with 2/(m+n), bias normal with 1/m',
 'link': 'https://github.com/meta-pytorch/torchrec/issues/1824',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': "the table's scale depends on its rows on purpose",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math

import torch
from torch import nn

class DLRM(nn.Module):
    def __init__(self, sizes=(1000, 40, 300, 7), d=16):
        super().__init__()
        self.emb = nn.ModuleList(nn.EmbeddingBag(n, d, mode="sum") for n in sizes)
        for e in self.emb:
            b = math.sqrt(1 / e.num_embeddings)
            nn.init.uniform_(e.weight, -b, b)
        self.bot, self.top = self._mlp([13, 64, d]), self._mlp([d + 10, 64, 1])

    def _mlp(self, ln):
        layers = []
        for n, m in zip(ln, ln[1:]):
            lin = nn.Linear(n, m)
            nn.init.normal_(lin.weight, 0.0, math.sqrt(2 / (m + n)))
            nn.init.normal_(lin.bias, 0.0, math.sqrt(1 / m))
            layers += [lin, nn.ReLU()]
        layers[-1] = nn.Sigmoid() if ln[-1] == 1 else nn.ReLU()
        return nn.Sequential(*layers)

    def forward(self, dense, ids):
        x = self.bot(dense)
        f = torch.stack([x] + [e(ids[:, i:i + 1]) for i, e in enumerate(self.emb)], 1)
        z = f @ f.transpose(1, 2)
        i, j = torch.tril_indices(5, 5, -1)
        return self.top(torch.cat([x, z[:, i, j]], 1))

def build():
    return DLRM()

def example_input():
    return (torch.rand(32, 13), torch.randint(0, 7, (32, 4)))
