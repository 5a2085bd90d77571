"""What a tensor was drawn from: torch draws, embcheck names."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import init

from embcheck.laws.families import Constant, Dirac, Eye, Normal, Orthogonal, Padded, Sparse, TruncatedNormal
from embcheck.laws.identification.identify import equal, identify
from embcheck.laws.initializers import law_of
from embcheck.laws.layers import promised
from embcheck.stats.summary import summarize

SHAPE = (512, 384)
DRAWS = [
    ("xavier_uniform", {}),
    ("xavier_uniform", {"gain": 1.414}),
    ("xavier_normal", {"gain": 5 / 3}),
    ("kaiming_uniform", {"a": math.sqrt(5)}),
    ("kaiming_uniform", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal", {"nonlinearity": "relu"}),
    ("kaiming_normal", {"mode": "fan_out", "nonlinearity": "linear"}),
    ("normal", {"std": 0.02}),
    ("normal", {"std": 0.02 / math.sqrt(24)}),
    ("uniform", {}),
    ("uniform", {"a": -0.08, "b": 0.08}),
    ("trunc_normal", {}),
    ("trunc_normal", {"std": 0.02, "a": -0.04, "b": 0.04}),
]


def drawn(name, kwargs, shape=SHAPE, dtype=torch.float32, seed=0):
    torch.manual_seed(seed)
    return getattr(init, name + "_")(torch.empty(shape, dtype=dtype), **kwargs)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(("name", "kwargs"), DRAWS, ids=str)
def test_every_initializer_is_named(name, kwargs, dtype):
    found = identify(drawn(name, kwargs, dtype=dtype))
    assert equal(found[0].law, law_of(name, SHAPE, **kwargs)), str(found)
    assert found.fresh
    assert found[0].p_value >= 1e-4


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize(("name", "kwargs"), DRAWS, ids=str)
def test_in_16_bits_it_is_among_the_ties(name, kwargs, dtype):
    """1.414 and sqrt(2) lie closer together than 16 bits can say."""
    found = identify(drawn(name, kwargs, dtype=dtype))
    assert any(equal(c.law, law_of(name, SHAPE, **kwargs)) for c in found), str(found)


@pytest.mark.parametrize(
    ("make", "law"),
    [
        (lambda w: init.zeros_(w), Constant(0)),
        (lambda w: init.ones_(w), Constant(1)),
        (lambda w: init.constant_(w, 0.3), Constant(0.3)),
        (lambda w: init.eye_(w), Eye()),
        (lambda w: init.orthogonal_(w, gain=math.sqrt(2)), Orthogonal(math.sqrt(2), 96, 64)),
        (lambda w: init.orthogonal_(w, gain=0.01), Orthogonal(0.01, 96, 64)),
        (lambda w: init.sparse_(w, 0.1), Sparse(0.1, 0.01, 96)),
        (lambda w: init.sparse_(w, 0.9, std=0.1), Sparse(0.9, 0.1, 96)),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16], ids=str)
def test_what_is_no_iid_draw(make, law, dtype):
    torch.manual_seed(0)
    only_float32 = isinstance(law, Orthogonal | Sparse)
    found = identify(make(torch.empty(96, 64, dtype=torch.float32 if only_float32 else dtype)).to(dtype))
    assert found[0].law == law


def test_dirac_with_groups():
    assert identify(init.dirac_(torch.empty(8, 4, 3, 3), 2))[0].law == Dirac(2)


def test_equal_laws_are_one_candidate_with_aliases():
    found = identify(drawn("xavier_normal", {}, (256, 256)))
    assert found.name == "xavier_normal()"
    assert "normal(0, 1/sqrt(fan_in))" in found[0].aliases
    assert "kaiming_normal(mode='fan_out', nonlinearity='linear')" in found.ties


def test_what_n_cannot_tell_apart_is_returned_too():
    found = identify(drawn("xavier_normal", {"gain": 1.414}))
    assert {"xavier_normal(gain=sqrt(2))", "xavier_normal(gain=1.414)"} <= {str(c) for c in found}


def test_peers_decide_where_a_small_tensor_leaves_a_choice():
    """1,024 values of std 0.1 cannot be told from 1/sqrt(3 * 32)."""
    weight = drawn("normal", {"std": 0.1}, (32, 32), seed=1)
    names = [str(c) for c in identify(weight)]
    assert {"normal(0, 0.1)", "kaiming_normal(a=sqrt(5))"} <= set(names)
    assert identify(weight, peers=["normal(0, 0.1)"]).name == "normal(0, 0.1)"
    assert identify(weight, peers=["kaiming_normal(a=sqrt(5))"]).name == "kaiming_normal(a=sqrt(5))"


def test_an_unlisted_constant_is_fitted():
    found = identify(drawn("normal", {"std": 0.0317}))
    assert found[0].fitted
    assert not found.fresh
    assert found[0].law.std == pytest.approx(0.0317, rel=5 / math.sqrt(2 * math.prod(SHAPE)))
    assert found.name.endswith("(fitted)")


@pytest.mark.parametrize(
    "layer",
    [
        nn.Linear(256, 400),
        nn.Conv2d(32, 64, 3, groups=2),
        nn.ConvTranspose1d(64, 64, 9),
        nn.LSTM(64, 128),
        nn.GRU(64, 128),
        nn.Bilinear(20, 30, 40),
        nn.MultiheadAttention(128, 4),
        nn.EmbeddingBag(1000, 32),
    ],
    ids=str,
)
def test_layer_defaults_are_named_with_their_module(layer):
    torch.manual_seed(0)
    for module in reversed(list(layer.modules())):
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
        elif hasattr(module, "_reset_parameters"):
            module._reset_parameters()
    for name, law in promised(layer).items():
        found = identify(layer.get_parameter(name), module=layer, name=f"block.{name}")
        assert equal(found[0].law, law), f"{name}: {found}"
        assert str(found[0].law) == str(law)


def test_recurrent_weights_of_a_checkpoint():
    torch.manual_seed(0)
    lstm = nn.LSTM(100, 200)
    for name, tensor in lstm.state_dict().items():
        found = identify(tensor, name=f"rnn.{name}")
        assert found[0].law.support[1] == pytest.approx(1 / math.sqrt(200))
    for start in range(0, 800, 200):
        init.orthogonal_(lstm.weight_hh_l0.data[start : start + 200])
    found = identify(lstm.weight_hh_l0, name="rnn.weight_hh_l0")
    assert (found[0].law, found[0].blocks) == (Orthogonal(1, 200, 200), 4)
    assert str(found[0]) == "orthogonal() (4 blocks)"


def test_padding_row_and_other_zero_rows():
    torch.manual_seed(0)
    table = nn.Embedding(500, 64, padding_idx=3)
    assert identify(table.weight, module=table, name="weight")[0].law == Padded(Normal(0, 1), 3)
    weight = table.weight.detach().clone()
    weight[7] = 0
    assert (identify(weight)[0].law, identify(weight)[0].zero_rows) == (Normal(0, 1), 2)


def test_stacked_experts_have_a_layout():
    torch.manual_seed(0)
    weight = torch.empty(4, 128, 400)
    bound = math.sqrt(6 / 128)
    found = identify(weight.uniform_(-bound, bound))
    assert (str(found[0].law), found[0].layout) == ("kaiming_uniform()", "e,in,out")


def trained():
    generator = torch.Generator().manual_seed(0)

    def normal(*shape):
        return 0.02 * torch.randn(*shape, generator=generator)

    yield "t3", torch.from_numpy(np.random.default_rng(0).standard_t(3, SHAPE)).float() * 0.02
    yield "Laplace", torch.from_numpy(np.random.default_rng(0).laplace(0, 0.02, SHAPE)).float()
    yield "low rank", normal(512, 32) @ normal(32, 384) / 0.02 / math.sqrt(32)
    yield "spike", normal(*SHAPE) + 0.5 * normal(512, 1) @ normal(1, 384) / 0.02
    yield "shifted", normal(*SHAPE) + 0.004
    yield "uniform shifted", torch.rand(*SHAPE, generator=generator) * 0.1 - 0.043
    yield "rows rescaled", normal(*SHAPE) * (1 + 0.3 * torch.randn(512, 1, generator=generator)).abs()
    yield "row means", normal(*SHAPE) + 0.3 * normal(512, 1)
    yield "rows normalised", nn.functional.normalize(normal(*SHAPE))
    yield "half repeated", normal(256, 384).repeat(2, 1)
    yield "pruned", nn.functional.hardshrink(normal(*SHAPE), 0.02)
    yield "smoothed", nn.functional.avg_pool1d(normal(1, *SHAPE), 3, 1, 1)[0]
    yield "sorted", normal(*SHAPE).sort(1).values


@pytest.mark.parametrize(("label", "tensor"), list(trained()), ids=lambda x: x if isinstance(x, str) else "")
def test_what_no_initializer_leaves_is_not_named(label, tensor):
    found = identify(tensor)
    assert not found, str(found)
    assert found.name == "none of these (trained?)"
    assert found.reason


def test_a_linear_layer_after_training_is_not_fresh():
    """Real training: a student fits a teacher's outputs in 400 steps of gradient descent."""
    torch.manual_seed(0)
    x = torch.randn(512, 64)
    y = torch.sin(x @ torch.randn(64, 64) / 4)
    model = nn.Sequential(nn.Linear(64, 128), nn.Tanh(), nn.Linear(128, 64))
    assert identify(model[0].weight, module=model[0], name="weight").name == "default()"
    for _ in range(400):
        nn.functional.mse_loss(model(x), y, reduction="sum").div(512).backward()
        for parameter in model.parameters():
            parameter.data -= 0.1 * parameter.grad
            parameter.grad = None
    for layer in (model[0], model[2]):
        assert not identify(layer.weight, module=layer, name="weight").fresh


def test_a_summary_or_parts_will_do():
    weight = drawn("kaiming_normal", {})
    summary = summarize(weight)
    assert identify(summary, shape=SHAPE).name == "kaiming_normal()"
    assert identify(summary).candidates  # without a shape, by its numbers alone
    assert identify(lambda: weight.split(100), shape=SHAPE).name == "kaiming_normal()"
    assert identify(weight, summary=summary) == identify(weight)


ODD = {
    "empty": lambda: torch.empty(0),
    "no columns": lambda: torch.empty(3, 0),
    "scalar": lambda: torch.tensor(1.5),
    "two values": lambda: torch.tensor([1.0, 2.0]),
    "NaN": lambda: torch.full((4, 4), math.nan),
    "infinity": lambda: torch.tensor([0.0, math.inf]),
    "sparse": lambda: torch.randn(40, 40).to_sparse(),
    "complex": lambda: torch.randn(40, 40, dtype=torch.complex64),
    "conjugate": lambda: torch.randn(40, 40, dtype=torch.complex64).conj(),
    "negative bit": lambda: torch.randn(40, 40, dtype=torch.complex64).conj().imag,
    "strided": lambda: torch.randn(40, 40).T[::2, ::3],
    "expanded": lambda: torch.randn(1, 1).expand(40, 40),
    "integers": lambda: torch.arange(100),
    "booleans": lambda: torch.zeros(10, dtype=torch.bool),
    "float8": lambda: torch.randn(40, 40).to(torch.float8_e4m3fn),
    "meta": lambda: torch.randn(40, 40, device="meta"),
    "quantized": lambda: torch.quantize_per_tensor(torch.randn(40, 40), 0.01, 0, torch.qint8),
    "lazy": torch.nn.parameter.UninitializedParameter,
    "subnormal": lambda: torch.full((5, 5), 1e-45),
    "subnormals": lambda: torch.randn(40, 40) * 1e-42,
    "requires grad": lambda: torch.randn(40, 40, requires_grad=True),
    "huge": lambda: torch.randn(20, 4).double() * 1e300,
    "tiny": lambda: torch.randn(20, 4).double() * 1e-300,
    "five dimensions": lambda: torch.randn(2, 3, 4, 5, 6),
    "six dimensions": lambda: torch.randn(2, 3, 4, 1, 5, 6),
    "two numbers": lambda: torch.tensor([[0.0, 1.0]] * 50),
}


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_odd_tensors_get_an_answer(make):
    torch.manual_seed(0)
    found = identify(make())
    assert found or found.reason
    assert str(found)


def test_nothing_of_the_user_is_touched():
    weight = drawn("orthogonal", {}, (64, 64)).requires_grad_()
    before, state = weight.detach().clone(), torch.get_rng_state()
    identify(weight)
    assert torch.equal(weight, before)
    assert torch.equal(torch.get_rng_state(), state)
    assert weight.grad is None


def test_truncation_far_out_is_a_normal():
    """trunc_normal_(std=0.02) cuts at a hundred sigma."""
    assert identify(drawn("trunc_normal", {"std": 0.02}))[0].law == Normal(0, 0.02)
    assert isinstance(identify(drawn("trunc_normal", {}))[0].law, TruncatedNormal)
