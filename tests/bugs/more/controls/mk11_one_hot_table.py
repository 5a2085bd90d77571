"""mk11 (control): a frozen one-hot table: Embedding.from_pretrained(torch.eye(n))

Link: https://discuss.pytorch.org/t/convert-int-into-one-hot-format/507
Why it is NOT a bug: intended encoding
Expected finding: none (must stay silent)  [visible from W: values in the state dict alone]
"""
META = {'id': 'mk11',
 'cls': 'control',
 'title': 'a frozen one-hot table: Embedding.from_pretrained(torch.eye(n))',
 'link': 'https://discuss.pytorch.org/t/convert-int-into-one-hot-format/507',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'intended encoding',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, n=21):
        super().__init__()
        self.aa = nn.Embedding.from_pretrained(torch.eye(n), freeze=True)
        self.fc = nn.Linear(n, 32)

    def forward(self, ids):
        return self.fc(self.aa(ids))

def build():
    return Net()

def example_input():
    return (torch.randint(0, 21, (2, 30)),)
