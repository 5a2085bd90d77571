"""r41 (class 8): graph convolutions kept in a list: parameters() counts the two last linear layers only

Link: https://github.com/qbxlvnf11/graph-neural-networks-for-graph-classification/pull/3
Also: https://github.com/pyg-team/pytorch_geometric/issues/7478
Also: https://github.com/allenai/allennlp/pull/2780
Numerically: layers is a list of (conv, norm) pairs; state_dict holds fc1 and fc2
Expected finding: unregistered  [visible from M]
"""
META = {'id': 'r41',
 'cls': 8,
 'title': 'graph convolutions kept in a list: parameters() counts the two last linear layers only',
 'link': 'https://github.com/qbxlvnf11/graph-neural-networks-for-graph-classification/pull/3',
 'also': ['https://github.com/pyg-team/pytorch_geometric/issues/7478',
          'https://github.com/allenai/allennlp/pull/2780'],
 'level': 'M',
 'expect': ['unregistered'],
 'sees': 'layers is a list of (conv, norm) pairs; state_dict holds fc1 and fc2',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class GCNConv(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.weight = nn.Parameter(nn.init.xavier_uniform_(torch.empty(a, b)))
        self.bias = nn.Parameter(torch.zeros(b))

    def forward(self, x, adj):
        return adj @ x @ self.weight + self.bias

class GCN(nn.Module):
    def __init__(self, fix, d=8, h=16, n=3):
        super().__init__()
        pairs = [(GCNConv(d if i == 0 else h, h), nn.BatchNorm1d(h)) for i in range(n)]
        self.layers = nn.ModuleList([nn.ModuleList(p) for p in pairs]) if fix else pairs
        self.fc1, self.fc2 = nn.Linear(h, h), nn.Linear(h, 2)

    def forward(self, x, adj):
        for conv, norm in self.layers:
            x = torch.relu(norm(conv(x, adj)))
        return self.fc2(torch.relu(self.fc1(x.mean(0, keepdim=True))))

def _make(fix):
    return GCN(fix)

def example_input():
    adj = (torch.rand(10, 10) < 0.3).float() + torch.eye(10)
    return torch.randn(10, 8), adj / adj.sum(1, keepdim=True)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
