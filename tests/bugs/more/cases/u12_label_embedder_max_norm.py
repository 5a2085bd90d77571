"""u12 (class 10): a conditional critic's label table has max_norm=1: the first lookups rewrite the rows that were drawn N(0, 1)

Link: https://github.com/akanimax/pro_gan_pytorch/pull/37
Numerically: row norms near sqrt(64) = 8 at init, 1 after the row's first use
Expected finding: max_norm_violated  [visible from M]
"""
META = {'id': 'u12',
 'cls': 10,
 'title': "a conditional critic's label table has max_norm=1: the first lookups rewrite the rows that were drawn "
          'N(0, 1)',
 'link': 'https://github.com/akanimax/pro_gan_pytorch/pull/37',
 'also': [],
 'level': 'M',
 'expect': ['max_norm_violated'],
 'sees': "row norms near sqrt(64) = 8 at init, 1 after the row's first use",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
import torch.nn.functional as F
from torch import nn

class ConditionalCritic(nn.Module):
    def __init__(self, fix, classes=10, c=64):
        super().__init__()
        self.conv_1 = nn.Conv2d(3, c, 3, padding=1)
        self.conv_2 = nn.Conv2d(c, c, 4)
        self.conv_3 = nn.Conv2d(c, 1, 1)
        for conv in (self.conv_1, self.conv_2, self.conv_3):
            nn.init.kaiming_normal_(conv.weight, a=0.2)
            nn.init.zeros_(conv.bias)
        self.label_embedder = nn.Embedding(classes, c, max_norm=None if fix else 1)
        if fix:
            with torch.no_grad():
                self.label_embedder.weight.copy_(F.normalize(self.label_embedder.weight, dim=1))

    def forward(self, x, labels):
        y = F.leaky_relu(self.conv_2(F.leaky_relu(self.conv_1(x), 0.2)), 0.2)
        projection = (y.squeeze(-1).squeeze(-1) * self.label_embedder(labels)).sum(1)
        return self.conv_3(y).view(-1) + projection

def _make(fix):
    return ConditionalCritic(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randn(4, 3, 4, 4), torch.tensor([0, 3, 5, 9]))
