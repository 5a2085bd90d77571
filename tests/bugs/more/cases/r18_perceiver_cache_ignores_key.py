"""r18 (class 3): weight tying by cache: the cached function ignores its key, so all self-attentions of one block are one module

Link: https://github.com/lucidrains/perceiver-pytorch/issues/58
Numerically: layers.k.self.0, .1 and .2 are one object; they should be three, shared between blocks
    only
Expected finding: shared_module  [visible from M]
"""
META = {'id': 'r18',
 'cls': 3,
 'title': 'weight tying by cache: the cached function ignores its key, so all self-attentions of one block '
          'are one module',
 'link': 'https://github.com/lucidrains/perceiver-pytorch/issues/58',
 'also': [],
 'level': 'M',
 'expect': ['shared_module'],
 'sees': 'layers.k.self.0, .1 and .2 are one object; they should be three, shared between blocks only',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import torch
from torch import nn

def _cache(f):
    kept = {}
    def cached(key, use):
        if use not in kept:
            kept[use] = f()
        return kept[use]
    return cached

def _layer(d=24):
    return nn.Sequential(nn.LayerNorm(d), nn.Linear(d, 2 * d), nn.GELU(), nn.Linear(2 * d, d))

class Perceiver(nn.Module):
    def __init__(self, fix, depth=2, selves=3, d=24):
        super().__init__()
        get = _cache(_layer)
        self.layers = nn.ModuleList()
        for i in range(depth):
            self.layers.append(nn.ModuleDict({
                "cross": _layer(), "self": nn.ModuleList([_layer() if fix else get(j, "self") for j in range(selves)])}))

    def forward(self, x):
        for block in self.layers:
            x = x + block["cross"](x)
            for layer in block["self"]:
                x = x + layer(x)
        return x

def _make(fix):
    return Perceiver(fix)

def example_input():
    return (torch.randn(4, 24),)

def build():
    return _make(False)

def build_fixed():
    return _make(True)
