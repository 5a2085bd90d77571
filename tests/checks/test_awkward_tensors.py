"""No rule on one tensor crashes, warns or gives an impossible p-value, whatever the tensor and its law."""

from __future__ import annotations

import importlib
import math
import warnings

import pytest
import torch

from embcheck.laws.families import (
    Any,
    Constant,
    Dirac,
    Eye,
    Given,
    Normal,
    Orthogonal,
    Padded,
    Sparse,
    TruncatedNormal,
    Uniform,
    Uninitialised,
    Within,
)
from embcheck.results import Evidence, Skip
from embcheck.rules import RULES
from embcheck.runner import Context
from embcheck.subjects.subject import Subject

NAMES = {
    "wrong-distribution", "scale-too-small", "scale-too-large", "out-of-bounds", "outliers", "missing-tails",
    "low-resolution", "mean-not-zero", "repeated-slices", "wrong-values", "not-orthogonal", "wrong-sparsity",
    "not-finite", "duplicate-rows", "correlated-weights",
}  # fmt: skip
CHECKS = [importlib.import_module(rule.module) for rule in RULES if rule.name in NAMES]
LAWS = (
    None, Normal(0.0, 1.0), Normal(0.0, 1e-30), Uniform(0.0, 1.0, open_right=True), Uniform(-1e-5, 1e-5),
    TruncatedNormal(0.0, 1.0, -2.0, 2.0), TruncatedNormal(5.0, 1.0, -1.0, 0.0), Constant(0.3), Constant(0.0), Eye(),
    Dirac(), Given(torch.zeros(3, 3)), Orthogonal(1.0, 30, 40), Sparse(0.1, 0.01, 30), Any(), Uninitialised(),
    Within(0.0, 1.0), Padded(Normal(0.0, 1.0), 0),
)  # fmt: skip


def awkward() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    x = torch.randn(30, 40)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # prototypes and deprecations of torch itself
        return {
            "empty": torch.zeros(0), "no rows": torch.zeros(0, 5), "scalar": torch.tensor(0.3),
            "scalar nan": torch.tensor(math.nan), "one": torch.ones(1), "all nan": torch.full((20, 20), math.nan),
            "all inf": torch.full((300,), math.inf), "mixed": torch.tensor([1.0, math.nan, -math.inf] * 200),
            "strided": torch.randn(64, 48).t()[::2], "expanded": torch.randn(1, 40).expand(30, 40),
            "one number": torch.randn(1).expand(30, 40), "sparse": torch.eye(20).to_sparse(),
            "csr": torch.eye(20).to_sparse_csr(), "quantized": torch.quantize_per_tensor(x, 0.1, 0, torch.qint8),
            "complex": torch.randn(20, 20, dtype=torch.complex64),
            "conjugate": torch.randn(20, 20, dtype=torch.complex64).conj(),
            "negative bit": torch.randn(20, 20, dtype=torch.complex64).conj().imag,
            "meta": torch.empty(20, 20, device="meta"), "lazy": torch.nn.LazyLinear(4).weight,
            "nested": torch.nested.nested_tensor([torch.randn(3, 4), torch.randn(2, 4)]),
            "integers": torch.arange(400).reshape(20, 20), "booleans": torch.ones(20, 20, dtype=torch.bool),
            "float8": x.to(torch.float8_e4m3fn), "float8 wide": x.to(torch.float8_e5m2), "bfloat16": x.bfloat16(),
            "float16 overflow": x.half() * 60_000, "constant": torch.full((30, 40), 0.5),
            "largest": torch.full((30, 40), 3e38), "subnormal": torch.full((30, 40), 1e-45) * x.sign(),
            "huge": x.double() * 1e200, "parameter": torch.nn.Parameter(x.clone()),
            "five dimensions": x.view(2, 3, 4, 5, 10),
            "size one": torch.randn(1, 1, 300),
        }  # fmt: skip


TENSORS = awkward()


@pytest.mark.parametrize("name", TENSORS)
def test_every_answer_is_plain_and_possible(name) -> None:
    value = TENSORS[name]
    shape = () if name in ("lazy", "nested") else tuple(value.shape)
    for law in LAWS:
        for check in CHECKS:
            for answer in check.evidence(Subject("w", "tensor", value, law=law, shape=shape), Context()):
                if isinstance(answer, Skip):
                    assert answer.reason
                    continue
                assert isinstance(answer, Evidence)
                assert (answer.holds is None) != (answer.p_value is None)
                assert answer.p_value is None or 0 <= answer.p_value <= 1
                for number in (answer.effect, answer.allowed, answer.detectable):
                    assert number is None or not math.isnan(number)


def test_all_rules_are_here() -> None:
    assert len(CHECKS) == len(NAMES)
