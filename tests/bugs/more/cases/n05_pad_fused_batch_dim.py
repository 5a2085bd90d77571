"""n05 (class 1): fused embeddings (B, V, D): weight[padding_idx].zero_() wipes model number
    padding_idx, not its padding row

Link: https://github.com/S-Lab-System-Group/Hydro/issues/1
Numerically: weight[1] (a whole model's table) is zero; weight[:, 1] is not
Expected finding: all_zero_slice, padding_row_nonzero, zero_rows  [visible from M: the live module
    object]
"""
META = {'id': 'n05',
 'cls': 1,
 'title': 'fused embeddings (B, V, D): weight[padding_idx].zero_() wipes model number padding_idx, not its '
          'padding row',
 'link': 'https://github.com/S-Lab-System-Group/Hydro/issues/1',
 'also': [],
 'level': 'M',
 'expect': ['all_zero_slice', 'padding_row_nonzero', 'zero_rows'],
 'sees': "weight[1] (a whole model's table) is zero; weight[:, 1] is not",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn
from torch.nn import functional as F

class FusedEmbedding(nn.Module):
    """B embedding tables trained side by side."""
    def __init__(self, fix, B=4, num_embeddings=60, embedding_dim=16, padding_idx=1):
        super().__init__()
        self.B, self.num_embeddings, self.embedding_dim, self.padding_idx = B, num_embeddings, embedding_dim, padding_idx
        self.weight = nn.Parameter(torch.empty(B, num_embeddings, embedding_dim))
        nn.init.normal_(self.weight)
        with torch.no_grad():
            if fix:
                self.weight[:, padding_idx].fill_(0)
            else:
                self.weight[padding_idx].fill_(0)

    def forward(self, x):                       # (B, N)
        flat = x + torch.arange(self.B)[:, None] * self.num_embeddings
        return F.embedding(flat, self.weight.reshape(-1, self.embedding_dim))

def _make(fix):
    return nn.Sequential(FusedEmbedding(fix), nn.Linear(16, 4))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(2, 60, (4, 7)),)
