"""The line for a tensor or array: the shortest chain for what stands in the way, run and compared."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
import torch

from embcheck.subjects.conversion.safe import corner, to_numpy, to_torch, verified

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2]


@pytest.mark.parametrize(
    ("dtype", "grad", "sparse"), list(itertools.product(FLOATS[:4], [False, True], [False, True])), ids=str
)
def test_each_obstacle_gets_its_link_and_no_other(dtype: torch.dtype, grad: bool, sparse: bool) -> None:
    x = torch.tensor([[1.5, 0.0], [0.0, -2.5]], dtype=dtype)
    x = (x.to_sparse() if sparse else x).requires_grad_(grad)
    line = to_numpy("x", x)
    links = (".detach()" if grad else "") + (".to_dense()" if sparse else "")
    assert line == f"x{links}{'.float()' if dtype is torch.bfloat16 else ''}.numpy()"
    assert verified(line, "x", x)
    assert eval(line, {"x": x}).tolist() == [[1.5, 0.0], [0.0, -2.5]]


@pytest.mark.parametrize("dtype", FLOATS[4:], ids=str)
def test_float8_goes_through_float32(dtype: torch.dtype) -> None:
    x = torch.tensor([1.0, -2.0]).to(dtype)
    assert to_numpy("x", x) == "x.float().numpy()"
    assert verified("x.float().numpy()", "x", x)


def test_lines_that_do_not_hold_are_not_verified() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    assert not verified("x.numpy()", "x", x)  # raises
    assert not verified("x.detach().numpy() * 2", "x", x)  # other values
    assert not verified("x.detach()", "x", x)  # no array
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not verified("torch.tensor(x).numpy()", "x", x)  # warns


def test_nan_and_signed_zero_and_empty() -> None:
    for values in ([float("nan"), 1.0], [-0.0, float("inf")], []):
        x = torch.tensor(values)
        assert verified(to_numpy("x", x), "x", x)


def test_what_has_no_values_has_no_line() -> None:
    assert to_numpy("x", torch.ones(2, device="meta")) == ""
    lines = []
    torch.vmap(lambda row: (lines.append(to_numpy("row", row)), row)[1])(torch.ones(2, 3))
    assert lines == [""]


ARRAYS = {
    "torch.from_numpy(a)": np.arange(6.0).reshape(2, 3).T,
    "torch.from_numpy(a.copy())": np.arange(6.0)[::-1],
    'torch.from_numpy(a.astype(a.dtype.newbyteorder("=")))': np.arange(3, dtype=np.dtype("f8").newbyteorder()),
    "torch.from_numpy(a.astype(np.int64))": np.arange(3, dtype=np.uint32),
    "torch.from_numpy(a.astype(np.float64))": np.arange(3, dtype=np.longdouble),
}


@pytest.mark.parametrize("line", ARRAYS)
def test_arrays(line: str) -> None:
    a = ARRAYS[line]
    assert to_torch("a", a) == line
    assert verified(line, "a", a)


def test_arrays_that_no_line_can_guess() -> None:
    for a in (np.array(["x"]), np.array([None]), np.array([np.ones(2), 1], dtype=object), np.zeros(1, "M8[s]")):
        assert to_torch("a", a) == ""


def test_a_corner_of_a_large_tensor_keeps_what_stands_in_the_way() -> None:
    x = torch.zeros(3000, 3000, dtype=torch.complex64).conj().requires_grad_()
    small = corner(x)
    assert small.numel() <= 4096
    assert small.is_conj()
    assert small.requires_grad
    assert small.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    assert corner(np.zeros((5000, 3))[::-1]).strides[0] < 0
