"""rk11 (control): an inference model: zero KV caches in bfloat16, a complex rope table, a boolean causal mask

Link: https://github.com/pytorch-labs/gpt-fast
Why it is NOT a bug: caches are filled during decoding; zero is their start
Expected finding: none (must stay silent)  [visible from M]
"""
META = {'id': 'rk11',
 'cls': 'control',
 'title': 'an inference model: zero KV caches in bfloat16, a complex rope table, a boolean causal mask',
 'link': 'https://github.com/pytorch-labs/gpt-fast',
 'also': [],
 'level': 'M',
 'expect': [],
 'sees': 'caches are filled during decoding; zero is their start',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

class Cache(nn.Module):
    def __init__(self, heads=2, n=16, d=8):
        super().__init__()
        self.register_buffer("k_cache", torch.zeros(1, heads, n, d, dtype=torch.bfloat16))
        self.register_buffer("v_cache", torch.zeros(1, heads, n, d, dtype=torch.bfloat16))

class Decoder(nn.Module):
    def __init__(self, v=50, d=16, n=16, depth=2):
        super().__init__()
        self.tok_embeddings = nn.Embedding(v, d)
        nn.init.normal_(self.tok_embeddings.weight, std=0.02)
        self.layers = nn.ModuleList([nn.ModuleDict({"wqkv": nn.Linear(d, 3 * d, bias=False), "wo": nn.Linear(d, d, bias=False), "cache": Cache(), "norm": nn.LayerNorm(d)}) for _ in range(depth)])
        angle = torch.outer(torch.arange(n).float(), 1 / 10000 ** (torch.arange(0, 8, 2) / 8))
        self.register_buffer("freqs_cis", torch.polar(torch.ones_like(angle), angle), persistent=False)
        self.register_buffer("causal_mask", torch.ones(n, n, dtype=torch.bool).tril())
        self.norm, self.output = nn.LayerNorm(d), nn.Linear(d, v, bias=False)

    def _turn(self, x):
        z = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * self.freqs_cis[: x.shape[-2]]
        return torch.view_as_real(z).flatten(-2)

    def forward(self, ids):
        x, n = self.tok_embeddings(ids), ids.shape[1]
        for layer in self.layers:
            q, k, v = layer["wqkv"](layer["norm"](x)).view(*ids.shape, 3, 2, 8).permute(2, 0, 3, 1, 4)
            y = nn.functional.scaled_dot_product_attention(self._turn(q), self._turn(k), v, attn_mask=self.causal_mask[:n, :n])
            x = x + layer["wo"](y.transpose(1, 2).flatten(-2))
        return self.output(self.norm(x))

def build():
    return Decoder()

def example_input():
    return (torch.randint(0, 50, (2, 9)),)
