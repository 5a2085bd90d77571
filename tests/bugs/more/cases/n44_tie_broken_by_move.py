"""n44 (class 3): moving to an XLA device copies each parameter: decoder and embedding are equal but no
    longer tied

Link: https://github.com/Lightning-AI/pytorch-lightning/issues/2705
Numerically: decoder.weight equals emb.weight bit for bit, with its own storage
Expected finding: identical_params, untied_random_head  [visible from W: values in the state dict
    alone]
Stand-in: a new Parameter from a clone plays the role of the device copy
"""
META = {'id': 'n44',
 'cls': 3,
 'title': 'moving to an XLA device copies each parameter: decoder and embedding are equal but no longer tied',
 'link': 'https://github.com/Lightning-AI/pytorch-lightning/issues/2705',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'untied_random_head'],
 'sees': 'decoder.weight equals emb.weight bit for bit, with its own storage',
 'severity': 'silent',
 'stand_in': 'a new Parameter from a clone plays the role of the device copy',
 'spec': None}

import torch
from torch import nn

class LM(nn.Module):
    def __init__(self, v=400, d=32):
        super().__init__()
        self.emb = nn.Embedding(v, d)
        self.rnn = nn.LSTM(d, d, batch_first=True)
        self.decoder = nn.Linear(d, v)
        nn.init.uniform_(self.emb.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)
        self.tie_weights()

    def tie_weights(self):
        self.decoder.weight = self.emb.weight

    def forward(self, ids):
        return self.decoder(self.rnn(self.emb(ids))[0])

def _make(fix):
    m = LM()
    for mod in m.modules():
        for n, p in list(mod._parameters.items()):
            if p is not None:
                mod._parameters[n] = nn.Parameter(p.data.clone())
    if fix:
        m.tie_weights()
    return m

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 400, (2, 7)),)
