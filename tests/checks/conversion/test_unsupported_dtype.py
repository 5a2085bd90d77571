"""Dtypes that the other library lacks."""

from __future__ import annotations

import warnings

import numpy as np
import torch

from embcheck.results import Severity


def test_every_row_of_the_table_holds(rows) -> None:
    found = rows("unsupported-dtype")
    assert found
    assert all(e.holds for e in found), [e.message for e in found if not e.holds]


def test_a_changed_torch_and_wrong_advice_are_errors(planted) -> None:
    changed, wrong = planted("unsupported-dtype")
    assert not changed.holds
    assert changed.severity is Severity.ERROR
    assert "is known to be" in changed.message
    assert not wrong.holds
    assert wrong.severity is Severity.ERROR
    assert "does not hold here" in wrong.message


def test_bfloat16_is_caught_and_the_line_is_verified(cross) -> None:
    (found,) = cross("unsupported-dtype", torch.tensor([1.5, 2.5], dtype=torch.bfloat16))
    assert not found.holds
    assert found.fix == "x.float().numpy() (run and compared here)"
    assert "Got unsupported ScalarType BFloat16" in found.message


def test_quantized_complex32_and_float8(cross) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantized = torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.quint8)
        half = torch.ones(2, dtype=torch.complex64).to(torch.complex32)
    (found,) = cross("unsupported-dtype", quantized)
    assert found.fix == "x.dequantize().numpy() (run and compared here)"
    (found,) = cross("unsupported-dtype", half)
    assert found.fix == "x.to(torch.complex64).numpy() (run and compared here)"
    (found,) = cross("unsupported-dtype", torch.ones(2).to(torch.float8_e5m2))
    assert found.fix == "x.float().numpy() (run and compared here)"


def test_arrays(cross) -> None:
    for bad in (np.array([None, 1]), np.array(["a"]), np.ones(2, dtype=np.uint16), np.ones(2, dtype=np.longdouble)):
        assert not cross("unsupported-dtype", bad)[0].holds
    for good in (np.ones(2), np.ones(2, dtype=np.uint8), np.ones(2, dtype=np.int32), np.ones(2, dtype=bool)):
        assert cross("unsupported-dtype", good)[0].holds
    rows = np.array([np.ones(2), np.zeros(2), None], dtype=object)[:2]
    assert cross("unsupported-dtype", rows)[0].fix == "torch.from_numpy(np.stack(x)) (run and compared here)"


def test_common_dtypes_are_silent(cross) -> None:
    for dtype in (torch.float64, torch.float32, torch.float16, torch.int64, torch.int32, torch.uint8, torch.bool):
        assert cross("unsupported-dtype", torch.ones(2).to(dtype))[0].holds
