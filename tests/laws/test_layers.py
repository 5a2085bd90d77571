"""Layer defaults: the numbers of the documentation pages, and that torch's layers follow them."""

import math

import pytest
import torch
from scipy import stats
from torch import nn

from embcheck.laws.families import Any, Constant, Normal, Padded, Uniform, Uninitialised
from embcheck.laws.layers import promised, promises

torch.manual_seed(0)
LAYERS = [
    nn.Embedding(300, 40),
    nn.Embedding(300, 40, padding_idx=-1),
    nn.EmbeddingBag(300, 40, padding_idx=2),
    nn.Linear(50, 300),
    nn.Linear(50, 300, bias=False),
    nn.Bilinear(17, 30, 40),
    nn.Conv1d(12, 60, 5, groups=3),
    nn.Conv2d(12, 60, (3, 5), groups=3),
    nn.Conv3d(12, 60, 2, groups=4),
    nn.ConvTranspose1d(12, 60, 5, groups=3),
    nn.ConvTranspose2d(12, 60, (3, 5), groups=3),
    nn.ConvTranspose3d(12, 60, 2, groups=4),
    nn.RNN(20, 50, num_layers=2),
    nn.GRU(20, 50, bidirectional=True),
    nn.LSTM(20, 50, proj_size=10),
    nn.RNNCell(20, 50),
    nn.GRUCell(20, 50),
    nn.LSTMCell(20, 50),
    nn.MultiheadAttention(48, 4),
    nn.MultiheadAttention(48, 4, kdim=30, vdim=20, add_bias_kv=True),
    nn.MultiheadAttention(48, 4, bias=False),
    nn.BatchNorm1d(7),
    nn.BatchNorm2d(7, affine=False),
    nn.BatchNorm3d(7, track_running_stats=False),
    nn.SyncBatchNorm(7),
    nn.InstanceNorm2d(7, affine=True),
    nn.LayerNorm(7),
    nn.LayerNorm(7, bias=False),
    nn.GroupNorm(2, 8),
    nn.RMSNorm(7),
    nn.PReLU(3, init=0.1),
    nn.TransformerEncoderLayer(48, 4, 100),
    nn.TransformerDecoderLayer(48, 4, 100),
    nn.Transformer(48, 4, 1, 1, 100, batch_first=True),
    nn.AdaptiveLogSoftmaxWithLoss(40, 100, [20, 50]),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_every_tensor_of_a_layer_follows_its_promise(layer):
    """Of about 150 tests at 1e-6 each; bounds and constants exactly."""
    laws = promises(layer)
    tensors = {**dict(layer.named_parameters()), **dict(layer.named_buffers())}
    assert laws.keys() == tensors.keys()
    for name, tensor in tensors.items():
        law = laws[name]
        values = tensor.detach().double()
        if isinstance(law, Padded):
            assert not values[law.padding_idx].any()
            values = torch.cat([values[: law.padding_idx], values[law.padding_idx + 1 :]])
            law = law.base
        if law.exact:
            assert torch.equal(tensor.detach(), law.values(tuple(tensor.shape), tensor.dtype, "cpu"))
        else:
            low, high = law.support
            assert low * (1 + 1e-6) <= values.min() <= values.max() <= high * (1 + 1e-6)
            assert stats.kstest(values.flatten().numpy(), law.cdf).pvalue > 1e-6, name


@pytest.mark.parametrize(
    ("layer", "bound"),
    [
        (nn.Linear(50, 3), 1 / math.sqrt(50)),
        (nn.Bilinear(17, 30, 4), 1 / math.sqrt(17)),
        (nn.Conv2d(12, 6, (3, 5), groups=3), math.sqrt(3 / (12 * 15))),
        (nn.ConvTranspose2d(12, 6, (3, 5), groups=3), math.sqrt(3 / (6 * 15))),
    ],
    ids=str,
)
def test_bounds_of_the_documentation(layer, bound):
    for law in promised(layer).values():
        assert law.support == (pytest.approx(-bound, rel=1e-14), pytest.approx(bound, rel=1e-14))
        assert str(law) == "default()"


def test_attention_is_xavier_over_the_fused_matrix():
    laws = promised(nn.MultiheadAttention(48, 4))
    assert laws["in_proj_weight"].support[1] == pytest.approx(math.sqrt(6 / (4 * 48)))
    assert laws["out_proj.bias"] == Constant(0.0)
    assert "out_proj.weight" not in laws  # its own Linear says it


def test_parents_override():
    laws = promises(nn.Transformer(48, 4, 1, 1, 100, batch_first=True))
    assert laws["encoder.layers.0.linear1.weight"].support[1] == pytest.approx(math.sqrt(6 / 148))
    assert laws["encoder.layers.0.self_attn.out_proj.bias"] == Constant(0.0)
    assert str(laws["encoder.layers.0.linear1.bias"]) == "default()"


def test_embedding_with_padding():
    assert promised(nn.Embedding(10, 4, padding_idx=-1)) == {"weight": Padded(Normal(0, 1), 9)}


def test_who_writes_reset_parameters_promises_nothing():
    class Own(nn.Linear):
        def reset_parameters(self):
            nn.init.normal_(self.weight, 0, 0.02)

    class Inherited(nn.Linear):
        pass

    assert promised(Own(3, 4)) == {}
    assert promised(nn.ReLU()) == {}
    assert promised(Inherited(3, 4, bias=False))["weight"] == Uniform(-1 / math.sqrt(3), 1 / math.sqrt(3))


def test_lazy_and_parametrised():
    lazy = nn.LazyLinear(3)
    assert promised(lazy) == {"weight": Uninitialised(), "bias": Uninitialised()}
    lazy(torch.zeros(2, 5))
    assert promised(lazy)["weight"] == Uniform(-1 / math.sqrt(5), 1 / math.sqrt(5))
    assert set(promised(nn.utils.parametrizations.weight_norm(nn.Linear(3, 4)))) == {"bias"}


def test_no_inputs_no_promise():
    with pytest.warns(UserWarning, match="zero-element"):
        layer = nn.Linear(0, 3)
    assert promised(layer) == {"weight": Any(), "bias": Any()}
