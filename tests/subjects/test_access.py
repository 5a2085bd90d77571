"""Which tensors can be read, and what of a subclass is read."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import nn

from embcheck.subjects.access import extent, obstacle, plain


class Sub(torch.Tensor):
    """A subclass that only has a name."""


class Touchy(torch.Tensor):
    """A subclass whose code must not run."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        raise RuntimeError("no touching")


def fake() -> torch.Tensor:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        return torch.empty(8, 8)


def quantized() -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.quantize_per_tensor(torch.randn(9, 9), 0.1, 0, torch.qint8)


def nested(layout: torch.layout) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.nested.nested_tensor([torch.randn(2, 3), torch.randn(4, 3)], layout=layout)


@pytest.mark.parametrize(
    ("make", "said", "shape"),
    [
        (nn.UninitializedParameter, "lazy", ()),
        (nn.UninitializedBuffer, "lazy", ()),
        (lambda: torch.empty(3, device="meta"), "meta device", (3,)),
        (fake, "fake tensor", (8, 8)),
        (lambda: nested(torch.strided), "nested", ()),
        (lambda: nested(torch.jagged), "nested", ()),
        (lambda: torch.eye(3).to_sparse(), "sparse_coo", (3, 3)),
        (quantized, "quantized", (9, 9)),
        (lambda: torch.zeros(1).expand(1 << 40), "expanded view", (1 << 40,)),
    ],
)
def test_what_cannot_be_read_says_why(make, said, shape) -> None:
    tensor = make()
    assert said in obstacle(tensor)
    assert extent(tensor) == shape


@pytest.mark.parametrize("kind", [torch.Tensor, Sub, Touchy])
def test_values_come_out_of_subclasses_without_their_code(kind) -> None:
    values = torch.randn(4)
    tensor = values if kind is torch.Tensor else values.as_subclass(kind)
    assert obstacle(tensor) == ""
    assert type(plain(tensor)) is torch.Tensor
    assert plain(tensor).data_ptr() == values.data_ptr()


def test_ordinary_tensors_are_readable_small_expanded_ones_too() -> None:
    for tensor in (torch.randn(3, 4).t(), torch.empty(0), torch.zeros(1).expand(1000), nn.Parameter(torch.ones(2))):
        assert obstacle(tensor) == ""
        assert not plain(tensor).requires_grad
