"""u07 (class 7): one initializer object serves all layers and starts its generator anew at each call: layers are scaled copies

Link: https://github.com/lululxvi/deepxde/issues/2086
Numerically: flattened, each layer's weights are those of any other times a constant
Expected finding: identical_params, correlated_weights, repeated_draw, repeated_slices  [visible from W]
"""
META = {'id': 'u07',
 'cls': 7,
 'title': 'one initializer object serves all layers and starts its generator anew at each call: layers are scaled '
          'copies',
 'link': 'https://github.com/lululxvi/deepxde/issues/2086',
 'also': [],
 'level': 'W',
 'expect': ['identical_params', 'correlated_weights', 'repeated_draw', 'repeated_slices'],
 'sees': "flattened, each layer's weights are those of any other times a constant",
 'severity': 'silent',
 'stand_in': None,
 'spec': None}

import math
import numpy as np
import torch
from torch import nn

class GlorotUniform:
    """Keras keeps a seed in the object; without one it should advance a state."""

    def __init__(self, fix):
        self.fix, self.seed = fix, int(torch.randint(2**31, ()))
        self.rng = np.random.default_rng(self.seed)

    def __call__(self, shape):
        rng = self.rng if self.fix else np.random.default_rng(self.seed)
        limit = math.sqrt(6 / sum(shape))
        return torch.from_numpy(rng.uniform(-limit, limit, size=shape).astype(np.float32))

def _make(fix):
    init = GlorotUniform(fix)
    widths, layers = [3, 40, 50, 60, 2], []
    for n, m in zip(widths, widths[1:]):
        layer = nn.Linear(n, m)
        layer.weight.data = init((n, m)).T.contiguous()
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1])

def build():
    return _make(False)

def build_fixed():
    return _make(True)

def example_input():
    return (torch.rand(64, 3),)
