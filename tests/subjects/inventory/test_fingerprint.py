"""Fingerprints agree where the bits do, and nowhere else."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embcheck.subjects.inventory.fingerprint import fingerprint

DTYPES = [
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.int64, torch.int16,
    torch.uint8, torch.bool, torch.complex64,
]  # fmt: skip


def made(dtype: torch.dtype, n: int) -> torch.Tensor:
    values = torch.randn(n, generator=torch.Generator().manual_seed(n)) * 50
    return values.abs().to(dtype) if dtype == torch.uint8 else values.to(dtype)


@given(n=st.integers(1, 400), dtype=st.sampled_from(DTYPES), data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_changed_element_changes_it(n, dtype, data) -> None:
    tensor = made(dtype, n)
    other = tensor.clone()
    where = data.draw(st.integers(0, n - 1))
    if dtype == torch.bool:
        other[where] = ~other[where]
    else:
        raw = other.view(torch.uint8)
        raw[where * tensor.element_size() + data.draw(st.integers(0, tensor.element_size() - 1))] ^= data.draw(
            st.integers(1, 255)
        )
    assert fingerprint(tensor) == fingerprint(tensor.clone())
    assert fingerprint(tensor).bits != fingerprint(other).bits


def test_order_and_length_count() -> None:
    x = made(torch.float32, 1000)
    assert fingerprint(x).bits != fingerprint(x.flip(0)).bits
    assert fingerprint(x) != fingerprint(torch.cat([x, torch.zeros(1)]))
    big = made(torch.float32, 3_000_001)  # three chunks and a tail
    swapped = torch.cat([big[1_500_000:], big[:1_500_000]])
    assert fingerprint(big).bits != fingerprint(swapped).bits


@pytest.mark.parametrize("view", [lambda w: w.t(), lambda w: w[::2], lambda w: w[:, 3:7], lambda w: w.reshape(-1)[1:]])
def test_strides_and_offsets_do_not(view) -> None:
    w = made(torch.float32, 3000).reshape(60, 50)
    assert fingerprint(view(w)) == fingerprint(view(w).clone().contiguous())


def test_what_else_is_kept() -> None:
    x = torch.ones(9)
    assert not fingerprint(x).varies
    x[3] = float("nan")
    found = fingerprint(x)
    assert found.varies
    assert found.poison == 1
    assert fingerprint(torch.tensor([1, torch.iinfo(torch.int64).max])).poison == 1
    assert fingerprint(torch.full((3,), 255, dtype=torch.uint8)).poison == 0  # 255 is an ordinary mask
    assert fingerprint(torch.empty(0)).shape == (0,)
    assert fingerprint(torch.tensor([float("inf"), -float("inf")])).poison == 0
