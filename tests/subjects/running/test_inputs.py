"""Inputs from files and functions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.inputs import inputs_of


def test_files_of_torch_numpy_and_safetensors(tmp_path) -> None:
    x = torch.randn(4, 3)
    torch.save((x,), tmp_path / "x.pt")
    np.save(tmp_path / "x.npy", x.double().numpy())
    np.savez(tmp_path / "x.npz", input=x.numpy())
    np.savez(tmp_path / "y.npz", x.numpy())
    save_file({"anything": x}, tmp_path / "x.safetensors")
    for name in ("x.pt", "x.npy", "x.npz", "y.npz", "x.safetensors"):
        given, fed = inputs_of(str(tmp_path / name), nn.Linear(3, 2))
        (found,) = given.values() if isinstance(given, dict) else given
        assert torch.equal(found, x), name  # numpy's float64 in the precision of the model
        assert found.dtype == torch.float32
        assert fed.endswith(name)


def test_integers_stay_integers(tmp_path) -> None:
    np.save(tmp_path / "ids.npy", np.arange(6).reshape(2, 3))
    (ids,), _ = inputs_of(str(tmp_path / "ids.npy"), nn.Embedding(9, 2))
    assert ids.dtype == torch.int64


@pytest.mark.parametrize("name", ["x.npy", "x.npz", "x.safetensors", "x.pt"])
def test_a_file_that_is_none_is_one_sentence(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(b"nonsense")
    with pytest.raises(UsageError, match="cannot be read") as caught:
        inputs_of(str(tmp_path / name), nn.Linear(3, 2))
    assert "\n" not in str(caught.value)


def test_objects_are_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="array of objects"):
        inputs_of(np.array([{}], dtype=object), nn.Linear(3, 2))


def test_functions_may_raise() -> None:
    def loader() -> torch.Tensor:
        raise OSError("no such bucket")

    with pytest.raises(UsageError, match="raised OSError: no such bucket"):
        inputs_of(loader, nn.Linear(3, 2))
