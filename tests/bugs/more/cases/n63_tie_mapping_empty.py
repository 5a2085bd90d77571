"""n63 (class 6): _tied_weights_keys = {}: tie_word_embeddings=True does nothing

Link: https://github.com/huggingface/transformers/pull/43207
Numerically: lm_head and the embedding are two independent draws
Expected finding: untied_random_head, identical_params, init_not_applied  [visible from S: the
    author's declared intention (spec)]
"""
META = {'id': 'n63',
 'cls': 6,
 'title': '_tied_weights_keys = {}: tie_word_embeddings=True does nothing',
 'link': 'https://github.com/huggingface/transformers/pull/43207',
 'also': [],
 'level': 'S',
 'expect': ['untied_random_head', 'identical_params', 'init_not_applied'],
 'sees': 'lm_head and the embedding are two independent draws',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'tied': {'lm_head.weight': 'embeddings.weight'}}}

import torch
from torch import nn

class Mamba2LM(nn.Module):
    def __init__(self, fix, v=150, d=32):
        super().__init__()
        self.embeddings = nn.Embedding(v, d)
        self.mixer = nn.Linear(d, d)
        self.norm_f = nn.LayerNorm(d)
        self.lm_head = nn.Linear(d, v, bias=False)
        nn.init.normal_(self.embeddings.weight, 0, 0.02)
        nn.init.normal_(self.lm_head.weight, 0, 0.02)
        self._tied_weights_keys = {"lm_head": "embeddings"} if fix else {}
        for a, b in self._tied_weights_keys.items():
            getattr(self, a).weight = getattr(self, b).weight

    def forward(self, ids):
        return self.lm_head(self.norm_f(torch.tanh(self.mixer(self.embeddings(ids)))))

def _make(fix):
    return Mamba2LM(fix)

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 150, (2, 6)),)
