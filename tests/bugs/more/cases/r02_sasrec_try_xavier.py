"""r02 (class 1): SASRec: `for p: try: xavier_normal_(p) except: pass` draws the item table's padding row again

Link: https://github.com/pmixer/SASRec.pytorch/issues/24
Numerically: item_emb.weight[0] is xavier noise although padding_idx=0; sequences are padded on the
    left with 0
Expected finding: padding_row_nonzero  [visible from M]
"""
META = {'id': 'r02',
 'cls': 1,
 'title': "SASRec: `for p: try: xavier_normal_(p) except: pass` draws the item table's padding row again",
 'link': 'https://github.com/pmixer/SASRec.pytorch/issues/24',
 'also': [],
 'level': 'M',
 'expect': ['padding_row_nonzero'],
 'sees': 'item_emb.weight[0] is xavier noise although padding_idx=0; sequences are padded on the left with 0',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class PointWise(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.conv1 = nn.Conv1d(d, d, 1)
        self.conv2 = nn.Conv1d(d, d, 1)

    def forward(self, x):
        y = self.conv2(torch.relu(self.conv1(x.transpose(1, 2))))
        return y.transpose(1, 2) + x

class SASRec(nn.Module):
    def __init__(self, items=80, maxlen=12, d=24, blocks=2):
        super().__init__()
        self.item_emb = nn.Embedding(items + 1, d, padding_idx=0)
        self.pos_emb = nn.Embedding(maxlen, d)
        self.attention_layernorms = nn.ModuleList([nn.LayerNorm(d) for _ in range(blocks)])
        self.attention_layers = nn.ModuleList([nn.MultiheadAttention(d, 2, batch_first=True) for _ in range(blocks)])
        self.forward_layernorms = nn.ModuleList([nn.LayerNorm(d) for _ in range(blocks)])
        self.forward_layers = nn.ModuleList([PointWise(d) for _ in range(blocks)])
        self.last_layernorm = nn.LayerNorm(d)

    def forward(self, seq):
        x = self.item_emb(seq) * self.item_emb.embedding_dim ** 0.5
        x = x + self.pos_emb(torch.arange(seq.shape[1]))
        x = x * (seq != 0).unsqueeze(-1)
        mask = ~torch.ones(seq.shape[1], seq.shape[1], dtype=torch.bool).tril()
        for n1, att, n2, ff in zip(self.attention_layernorms, self.attention_layers, self.forward_layernorms, self.forward_layers):
            q = n1(x)
            x = q + att(q, x, x, attn_mask=mask)[0]
            x = ff(n2(x))
        return self.last_layernorm(x) @ self.item_emb.weight.T

def _make(fix):
    m = SASRec()
    for _, p in m.named_parameters():
        try:
            nn.init.xavier_normal_(p.data)
        except ValueError:
            pass
    if fix:
        m.item_emb.weight.data[0, :] = 0
    return m

def example_input():
    seq = torch.randint(1, 81, (4, 12))
    seq[:2, :5] = 0
    return (seq,)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
