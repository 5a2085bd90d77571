"""No rule of `audit` or `compare` crashes, warns, or repeats itself on tensors that are no ordinary weights."""

from __future__ import annotations

import math
import warnings
from collections import Counter

import pytest
import torch
from torch import nn

import embcheck
from embcheck.results import Status


def awkward() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    x = torch.randn(24, 20)
    with_nan = x.clone()
    with_nan[3, 4] = math.nan
    return {
        "empty": torch.zeros(0), "no.rows": torch.zeros(0, 5), "no.columns": torch.zeros(5, 0),
        "scalar": torch.tensor(0.3), "scalar.nan": torch.tensor(math.nan), "one": torch.ones(1),
        "nan": with_nan, "all.nan": torch.full((9, 9), math.nan), "inf": torch.full((9, 9), math.inf),
        "half": x.half(), "bfloat16": x.bfloat16(), "double": x.double(), "transposed": torch.randn(20, 24).t(),
        "strided": torch.randn(48, 20)[::2], "expanded": torch.randn(1, 20).expand(24, 20), "zero": torch.zeros(9, 9),
        "complex": torch.randn(9, 9, dtype=torch.complex64), "integers": torch.arange(81).reshape(9, 9),
        "booleans": torch.ones(9, 9, dtype=torch.bool), "float8": x.to(torch.float8_e4m3fn),
        "largest": torch.full((9, 9), 3e38), "subnormal": torch.full((9, 9), 1e-41) * torch.randn(9, 9).sign(),
        "five.dimensions": x.view(2, 3, 4, 4, 5), "[bold]markup[/bold]\x1b[31m": x * 2,
        "inv_freq": torch.ones(3).half(), "weight_hh_l0": torch.randn(36, 9),
        "layers.0.weight": torch.randn(9, 9), "layers.1.weight": torch.randn(9, 9).half(),
        "rank0.w": x, "rank1.w": with_nan, "ln.weight": torch.zeros(9), "ln.bias": torch.full((9,), math.nan),
    }  # fmt: skip


def unreadable() -> dict[str, torch.Tensor]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # prototypes of torch itself
        return {
            "sparse": torch.eye(9).to_sparse(), "csr": torch.eye(9).to_sparse_csr(),
            "quantized": torch.quantize_per_tensor(torch.randn(9, 9), 0.1, 0, torch.qint8),
            "meta": torch.empty(9, 9, device="meta"),
        }  # fmt: skip


def sound(report) -> None:
    assert not [(o.rule, o.subject, o.message) for o in report.outcomes if o.status is Status.ERROR]
    assert max(Counter((o.code, o.subject) for o in report.outcomes).values(), default=1) == 1
    for outcome in report.outcomes:
        assert outcome.p_value is None or 0 <= outcome.p_value <= 1
        for number in (outcome.measured, outcome.expected, outcome.allowed):
            assert number is None or type(number) is float


def holding(tensors: dict[str, torch.Tensor]) -> nn.Module:
    """The tensors as parameters and buffers of a live model."""
    model = nn.Module()
    for i, (name, value) in enumerate(tensors.items()):
        inner = nn.Module()
        if value.is_floating_point() and not value.is_quantized:
            inner.weight = nn.Parameter(value)
        inner.register_buffer("held", value)
        model.add_module(f"m{i}_{''.join(c for c in name if c.isalnum())}", inner)
    return model


@pytest.mark.parametrize("rows", [awkward, unreadable])
def test_mapping_and_live_model(rows) -> None:
    tensors = {**rows(), "w": torch.randn(9, 9)}
    sound(embcheck.audit(tensors))
    sound(embcheck.audit(lambda: {**rows(), "w": torch.randn(9, 9)}))
    sound(embcheck.audit(holding(tensors)))


@pytest.mark.parametrize("name", list(awkward()))
def test_each_alone(name) -> None:
    sound(embcheck.audit({name: awkward()[name]}))


def test_reference_and_other_side() -> None:
    own, theirs = awkward(), awkward()
    sound(embcheck.audit(own, reference=theirs))
    sound(embcheck.compare(own, theirs))
    shuffled = dict(zip(own, list(theirs.values())[::-1], strict=True))  # other shapes and dtypes under every name
    sound(embcheck.audit(own, reference=shuffled))
    sound(embcheck.compare(own, shuffled))
    sound(embcheck.audit(own, reference={"w": torch.randn(9, 9), **unreadable()}))


def test_replica_of_unreadable_tensors() -> None:
    first, second = holding({**awkward(), **unreadable()}), holding({**awkward(), **unreadable()})
    sound(embcheck.audit(first, reference=second))


def test_table_of_vectors_of_another_kind(tmp_path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("a 1 2 3\nb 4 5 6\n")
    for table in (torch.zeros(0, 3), torch.full((2, 3), math.nan), torch.randn(2, 3).half(), torch.randn(5, 3)):
        sound(embcheck.audit({"emb.weight": table}, vectors=str(path)))
