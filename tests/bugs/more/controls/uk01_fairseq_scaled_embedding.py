"""uk01 (control): fairseq: embeddings N(0, 1/d) with a zero padding row, multiplied by sqrt(d) in the forward pass

Link: https://arxiv.org/abs/1706.03762
Why it is NOT a bug: the product has variance one; the padding row is zero and stays so
Expected finding: none (must stay silent)  [visible from W]
"""
META = {'id': 'uk01',
 'cls': 'control',
 'title': 'fairseq: embeddings N(0, 1/d) with a zero padding row, multiplied by sqrt(d) in the forward pass',
 'link': 'https://arxiv.org/abs/1706.03762',
 'also': [],
 'level': 'W',
 'expect': [],
 'sees': 'the product has variance one; the padding row is zero and stays so',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import torch
from torch import nn

class Decoder(nn.Module):
    def __init__(self, vocab=500, d=64):
        super().__init__()
        self.embed_scale = math.sqrt(d)
        self.embed_tokens = nn.Embedding(vocab, d, padding_idx=1)
        nn.init.normal_(self.embed_tokens.weight, mean=0, std=d ** -0.5)
        nn.init.constant_(self.embed_tokens.weight[1], 0)
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        for p in (self.q, self.k, self.v):
            nn.init.xavier_uniform_(p.weight, gain=1 / math.sqrt(2))
        nn.init.xavier_uniform_(self.o.weight)
        nn.init.zeros_(self.o.bias)
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        for fc in (self.fc1, self.fc2):
            nn.init.xavier_uniform_(fc.weight)
            nn.init.zeros_(fc.bias)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.output_projection = nn.Linear(d, vocab, bias=False)
        nn.init.normal_(self.output_projection.weight, mean=0, std=d ** -0.5)

    def forward(self, ids):
        x = self.embed_scale * self.embed_tokens(ids)
        a = nn.functional.scaled_dot_product_attention(self.q(x), self.k(x), self.v(x), is_causal=True)
        x = self.ln1(x + self.o(a))
        x = self.ln2(x + self.fc2(torch.relu(self.fc1(x))))
        return self.output_projection(x)

def build():
    return Decoder()

def example_input():
    return (torch.randint(2, 500, (4, 20)),)
