"""m63 (class 9): from_numpy of an array over a bytes object: read-only memory that the tensor writes
through

Link: https://github.com/city96/ComfyUI-GGUF/issues/232
Numerically: UserWarning: the given NumPy array is not writable
Expected finding: readonly_alias  [visible from X: running the offending operation]
"""
META = {'id': 'm63',
 'cls': 9,
 'title': 'from_numpy of an array over a bytes object: read-only memory that the tensor writes through',
 'link': 'https://github.com/city96/ComfyUI-GGUF/issues/232',
 'also': [],
 'level': 'X',
 'expect': ['readonly_alias'],
 'sees': 'UserWarning: the given NumPy array is not writable',
 'severity': 'loud',
 'stand_in': None,
 'spec': None}

import numpy as np
import torch
from torch import nn

def probe(a):
    return torch.from_numpy(a)

def _make(fix):
    a = np.frombuffer(torch.randn(32).numpy().tobytes(), dtype=np.float32)
    return a.copy() if fix else a

def build():
    return _make(False)

def build_fixed():
    return _make(True)
