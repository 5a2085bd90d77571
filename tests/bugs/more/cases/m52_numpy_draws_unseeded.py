"""m52 (class 7): the embedding is drawn by numpy, which the seed of torch does not reach: two runs
differ

Link: https://github.com/MichiganCOG/ViP/issues/25
Numerically: valid noise, but not that of the reference run with the same seed
Expected finding: not_reproducible, ckpt_mismatch  [visible from R: a reference (checkpoint, other
    rank/seed/device, vector file)]
"""
META = {'id': 'm52',
 'cls': 7,
 'title': 'the embedding is drawn by numpy, which the seed of torch does not reach: two runs differ',
 'link': 'https://github.com/MichiganCOG/ViP/issues/25',
 'also': [],
 'level': 'R',
 'expect': ['not_reproducible', 'ckpt_mismatch'],
 'sees': 'valid noise, but not that of the reference run with the same seed',
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

SEED = 7

class Net(nn.Module):
    def __init__(self, rng):
        super().__init__()
        torch.manual_seed(SEED)
        self.emb = nn.Embedding(40, 16)
        self.fc = nn.Linear(16, 4)
        self.emb.weight.data = torch.from_numpy(rng.standard_normal((40, 16)).astype("float32") * 0.1)

    def forward(self, ids):
        return self.fc(self.emb(ids))

def reference_state():
    return Net(np.random.default_rng(SEED)).state_dict()

def _make(fix):
    return Net(np.random.default_rng(SEED if fix else None))

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.tensor([[1, 2]]),)
