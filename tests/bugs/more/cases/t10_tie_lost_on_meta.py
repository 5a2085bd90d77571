"""t10 (class 3): weight tying is made in the constructor on the meta device; materialising gives each module a tensor of its own

Link: https://github.com/Modalities/modalities/issues/357
Numerically: lm_head.weight is wte.weight on meta, and an independent draw after init
Expected finding: untied_random_head, identical_params, lost_registration  [visible from S: the
    author's declared intention (META['spec'])]
"""
META = {'id': 't10',
 'cls': 3,
 'title': 'weight tying is made in the constructor on the meta device; materialising gives each module a tensor '
          'of its own',
 'link': 'https://github.com/Modalities/modalities/issues/357',
 'also': [],
 'level': 'S',
 'expect': ['untied_random_head', 'identical_params', 'lost_registration'],
 'sees': 'lm_head.weight is wte.weight on meta, and an independent draw after init',
 'severity': 'silent',
 'stand_in': None,
 'spec': {'tied': {'lm_head.weight': 'transformer.wte.weight'}}}

import torch
from torch import nn

class GPT(nn.Module):
    def __init__(self, v=160, d=32):
        super().__init__()
        self.transformer = nn.ModuleDict({"wte": nn.Embedding(v, d), "h": nn.Linear(d, d), "ln_f": nn.LayerNorm(d)})
        self.lm_head = nn.Linear(d, v, bias=False)
        self.tie()

    def tie(self):
        self.lm_head.weight = self.transformer["wte"].weight

    def forward(self, ids):
        t = self.transformer
        x = t["wte"](ids)
        return self.lm_head(t["ln_f"](x + t["h"](x)))

def _make(fix):
    with torch.device("meta"):
        model = GPT()
    for module in model.modules():  # FSDP materialises one unit at a time
        for name, p in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(torch.empty_like(p, device="cpu")))
    if fix:
        model.tie()
    for name, p in model.named_parameters():
        if "ln_f" in name:
            nn.init.constant_(p, float(name.endswith("weight")))
        elif name.endswith("bias"):
            nn.init.zeros_(p)
        else:
            nn.init.normal_(p, 0, 0.02)
    return model

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.randint(0, 160, (2, 7)),)
