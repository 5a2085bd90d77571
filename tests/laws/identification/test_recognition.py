"""Constants, identities, orthogonal and sparse matrices, rows of zeros."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import init

from embcheck.laws.families import Constant, Dirac, Eye, Orthogonal
from embcheck.laws.identification.recognition import (
    constant_of,
    identity_of,
    orthogonal_of,
    sparsity_of,
    zero_rows,
    zeros_per_column,
)
from embcheck.stats.summary import summarize


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("value", [0.0, 1.0, 0.3, -2.5, 1 / 3])
def test_a_constant_is_the_shortest_decimal(dtype, value):
    found = constant_of(summarize(torch.full((3, 3), value, dtype=dtype)))
    assert isinstance(found, Constant)
    assert torch.tensor(found.value, dtype=torch.float64).to(dtype) == torch.tensor(value, dtype=dtype)
    if value == 0.3:
        assert str(found) == "constant(0.3)"


def test_what_is_nearly_constant_is_not():
    assert constant_of(summarize(torch.tensor([1.0, 1.0, math.nan]))) is None
    assert constant_of(summarize(torch.tensor([1.0, 1.0000001]))) is None
    assert constant_of(summarize(torch.empty(0))) is None


def test_identities():
    eye = init.eye_(torch.empty(5, 3))
    assert identity_of(eye, summarize(eye)) == Eye()
    wrong = eye.flip(0)
    assert identity_of(wrong, summarize(wrong)) is None
    for groups in (1, 2, 4):
        dirac = init.dirac_(torch.empty(8, 4, 3, 3), groups)
        found = identity_of(dirac, summarize(dirac))
        assert found is not None
        assert torch.equal(found.values((8, 4, 3, 3), torch.float32, "cpu"), dirac)
    assert identity_of(dirac, summarize(dirac)) == Dirac(4)


@pytest.mark.parametrize("shape", [(2, 2), (64, 64), (100, 7), (7, 100), (16, 4, 3, 3), (2048, 3)], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64], ids=str)
@pytest.mark.parametrize("gain", [1.0, math.sqrt(2), 0.01])
def test_orthogonal(shape, dtype, gain):
    torch.manual_seed(0)
    weight = init.orthogonal_(torch.empty(shape), gain).to(dtype)
    found = orthogonal_of(weight)
    assert found == Orthogonal(gain, shape[0], math.prod(shape[1:]))


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (64, 64), (100, 7), (4096, 4), (7, 100)], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_random_matrices_are_not_orthogonal(shape, dtype):
    torch.manual_seed(0)
    assert not any(orthogonal_of((torch.randn(shape) / shape[0] ** 0.5).to(dtype)) for _ in range(50))


def test_an_orthogonal_matrix_that_was_touched_is_none():
    torch.manual_seed(0)
    weight = init.orthogonal_(torch.empty(64, 64))
    weight[5] *= 1.1
    assert orthogonal_of(weight) is None
    weight = init.orthogonal_(torch.empty(64, 64))
    assert orthogonal_of(weight * torch.linspace(0.9, 1.1, 64)) is None
    assert orthogonal_of(torch.zeros(4, 4)) is None
    assert orthogonal_of(torch.ones(1, 4)) is None


def test_sparse_columns():
    torch.manual_seed(0)
    weight = init.sparse_(torch.empty(50, 8), 0.3)
    zeros = int((weight == 0).sum())
    assert zeros_per_column(weight, zeros) == 15
    assert zeros_per_column(torch.randn(50, 8) * (torch.rand(50, 8) < 0.5), 200) is None
    assert zeros_per_column(torch.randn(50), 3) is None


@given(st.integers(1, 5000), st.floats(0.001, 1))
def test_sparsity_gives_back_the_count(rows, sparsity):
    zeros = math.ceil(sparsity * rows)
    found = sparsity_of(zeros, rows)
    assert math.ceil(found * rows) == zeros
    assert len(repr(found)) <= max(len(repr(sparsity)), 5)


def test_rows_of_zeros():
    table = torch.ones(6, 3)
    table[[2, 4]] = 0
    assert zero_rows(table, 6).tolist() == [2, 4]
    assert zero_rows(table, 2).tolist() == []
    assert zero_rows(torch.zeros(3), 3).tolist() == []
