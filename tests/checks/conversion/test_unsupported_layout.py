"""Memory that is no strided block."""

from __future__ import annotations

import warnings

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("unsupported-layout")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("unsupported-layout")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_sparse_and_nested_tensors(cross) -> None:
    (coo,) = cross("unsupported-layout", torch.eye(2).to_sparse())
    assert not coo.holds
    assert coo.fix == "x.to_dense().numpy() (run and compared here)"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sparse CSR and nested tensors are in beta
        csr, nested = torch.eye(2).to_sparse_csr(), torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    assert not cross("unsupported-layout", csr)[0].holds
    assert cross("unsupported-layout", nested)[0].fix == (
        "[part.numpy() for part in x.unbind()] (run and compared here)"
    )
    assert cross("unsupported-layout", torch.eye(3).T[1:])[0].holds


def test_the_gradient_of_a_sparse_embedding(cross) -> None:
    table = torch.nn.Embedding(5, 2, sparse=True)
    table(torch.tensor([1])).sum().backward()
    assert not cross("unsupported-layout", table.weight.grad)[0].holds


def test_a_field_of_a_structured_array(cross) -> None:
    field = np.zeros(3, dtype=[("id", np.int8), ("w", np.float32)])["w"]
    (found,) = cross("unsupported-layout", field)
    assert found.fix == "torch.from_numpy(x.copy()) (run and compared here)"
    assert cross("unsupported-layout", np.zeros((4, 4))[::2, 1:])[0].holds
