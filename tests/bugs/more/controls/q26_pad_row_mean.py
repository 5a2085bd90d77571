"""q26 (control): the padding row holds the mean of all item vectors, on purpose

Link: https://github.com/massquantity/LibRecommender/pull/298
Why it is NOT a bug: padding_idx is set, its row is the mean of the other rows and gets no gradient
Expected finding: none (must stay silent)  [visible from M: the live module object]
"""
META = {'id': 'q26',
 'cls': 'control',
 'title': 'the padding row holds the mean of all item vectors, on purpose',
 'link': 'https://github.com/massquantity/LibRecommender/pull/298',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'padding_idx is set, its row is the mean of the other rows and gets no gradient',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Items(nn.Module):
    def __init__(self, n=200, d=16):
        super().__init__()
        self.items = nn.Embedding(n + 1, d, padding_idx=n)
        nn.init.normal_(self.items.weight, 0, 0.05)
        with torch.no_grad():
            self.items.weight[n] = self.items.weight[:n].mean(0)
        self.fc = nn.Linear(d, d)

    def forward(self, ids):
        return self.fc(self.items(ids).mean(1))

def build():
    return Items()

def example_input():
    return (torch.tensor([[3, 9, 200, 200], [4, 5, 6, 200]]),)
