"""Moments of rows and columns: numpy's, in any dtype and layout, and in bounded memory."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from embcheck.stats import walk
from embcheck.stats.lines import lines


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3), (65, 129)])
@pytest.mark.parametrize("transposed", [False, True])
def test_numpy_says_the_same(
    dtype: torch.dtype, shape: tuple[int, int], transposed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "ELEMENTS", 1000)  # several parts
    matrix = (torch.randn(shape, generator=torch.Generator().manual_seed(0)) + 0.5).to(dtype)
    matrix = matrix.T if transposed else matrix
    values = matrix.double().numpy()
    for found, axis in zip(lines(matrix), (1, 0), strict=True):
        accuracy = 1e-12 if dtype == torch.float64 else 1e-6
        np.testing.assert_allclose(found.means, values.mean(axis), rtol=accuracy, atol=accuracy)
        np.testing.assert_allclose(found.stds, values.std(axis), rtol=1e-5, atol=1e-3 if accuracy > 1e-9 else 1e-7)
        assert found.size == values.shape[axis]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_tensor() -> None:
    """Beside 128 MB of bfloat16, whose float32 copy would take 256: a few parts of 4 MB."""
    code = """
import re, torch
from embcheck.stats.lines import lines
torch.set_num_threads(1)
w = torch.zeros(16384, 4096, dtype=torch.bfloat16)
lines(w[:64])
status = lambda name: int(re.search(name + r":\\s+(\\d+)", open("/proc/self/status").read())[1])
before = status("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
lines(w)
print((status("VmHWM") - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 64


def test_a_mean_far_from_zero_cancels_nothing() -> None:
    x = 1 + 1e-4 * torch.randn(64, 48, generator=torch.Generator().manual_seed(0))
    rows, columns = lines(x)
    torch.testing.assert_close(rows.stds, x.double().std(1, correction=0), rtol=1e-3, atol=0)
    torch.testing.assert_close(columns.stds, x.double().std(0, correction=0), rtol=1e-3, atol=0)
