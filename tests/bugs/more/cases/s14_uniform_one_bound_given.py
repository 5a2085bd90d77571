"""s14 (class 5): the configuration gives the lower bound a; the code mirrors b only, so that b stays
    at its default 1.0

Link: https://github.com/uma-pi1/kge/issues/244
Numerically: U(-0.1, 1.0) instead of U(-0.1, 0.1): mean 0.45
Expected finding: mean_not_zero, wrong_distribution, out_of_bounds, scale_too_large  [visible from
    S: the author's declared intention (spec)]
"""
META = {'id': 's14',
 'cls': 5,
 'title': 'the configuration gives the lower bound a; the code mirrors b only, so that b stays at its '
          'default 1.0',
 'link': 'https://github.com/uma-pi1/kge/issues/244',
 'also': [],
 'level': 'S',
 'expect': ['mean_not_zero', 'wrong_distribution', 'out_of_bounds', 'scale_too_large'],
 'sees': 'U(-0.1, 1.0) instead of U(-0.1, 0.1): mean 0.45',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'entity.weight': ['uniform', -0.1, 0.1]}}

import math
import torch
from torch import nn

def _make(fix, n=400, d=32):
    args = {"a": -0.1, "b": 1.0}
    if fix:
        args["b"] = -args["a"]
    emb = nn.Embedding(n, d)
    nn.init.uniform_(emb.weight, **args)
    return nn.ModuleDict({"entity": emb})

def build():
    return _make(False)

def build_fixed():
    return _make(True)
