"""tk04 (control): frozen pretrained vectors are kept in a list so that state_dict() leaves them out

Link: https://github.com/pytorch/pytorch/issues/65774
Why it is NOT a bug: the table is frozen, large and reloaded from its own file: not being saved is
    the purpose of the list
Expected finding: none (must stay silent)  [visible from M: the live module: attributes, identity,
    registration, buffers]
"""
META = {'id': 'tk04',
 'cls': 'control',
 'title': 'frozen pretrained vectors are kept in a list so that state_dict() leaves them out',
 'link': 'https://github.com/pytorch/pytorch/issues/65774',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'the table is frozen, large and reloaded from its own file: not being saved is the purpose of the '
         'list',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Tagger(nn.Module):
    def __init__(self, vectors, tags=12):
        super().__init__()
        self.unsaved_modules = [nn.Embedding.from_pretrained(vectors, freeze=True)]
        self.delta = nn.Embedding(len(vectors), vectors.shape[1])
        nn.init.normal_(self.delta.weight, 0, 0.05)
        self.lstm = nn.LSTM(vectors.shape[1], 24, batch_first=True)
        self.out = nn.Linear(24, tags)

    def forward(self, ids):
        return self.out(self.lstm(self.unsaved_modules[0](ids) + self.delta(ids))[0])

def build():
    return Tagger(torch.randn(300, 20, generator=torch.Generator().manual_seed(9)))

def example_input():
    return (torch.randint(0, 300, (3, 8)),)
