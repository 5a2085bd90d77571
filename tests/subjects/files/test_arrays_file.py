"""Files of numpy arrays as checkpoints."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from embcheck.errors import UsageError
from embcheck.subjects.files.checkpoint import open_checkpoint


def test_one_array_and_several(tmp_path) -> None:
    w = np.random.default_rng(0).normal(size=(4, 5))
    np.save(tmp_path / "table.npy", w)
    np.savez_compressed(
        tmp_path / "m.npz", **{"layer/w": w.astype(np.float32), "big": w.astype(">f8"), "n": np.arange(3)}
    )
    (stored,) = open_checkpoint(tmp_path / "table.npy")
    assert (stored.name, stored.shape, stored.dtype) == ("table", (4, 5), "float64")
    assert torch.equal(stored.read(), torch.from_numpy(w))
    found = {s.name: s for s in open_checkpoint(tmp_path / "m.npz")}
    assert set(found) == {"layer/w", "big", "n"}
    assert torch.equal(found["big"].read(), torch.from_numpy(w))
    assert found["layer/w"].read().dtype == torch.float32
    assert found["n"].shape == (3,)


def test_what_torch_has_not_is_listed_with_the_reason(tmp_path) -> None:
    np.savez(tmp_path / "m.npz", words=np.array(["a", "b"]), w=np.ones(3))
    found = {s.name: s for s in open_checkpoint(tmp_path / "m.npz")}
    assert found["words"].read is None and "no dtype" in found["words"].reason


def test_arrays_of_objects_are_refused(tmp_path) -> None:
    np.save(tmp_path / "m.npy", np.array([object()]), allow_pickle=True)
    with pytest.raises(UsageError, match="Python objects"):
        open_checkpoint(tmp_path / "m.npy")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 300),
    flips=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=5),
    suffix=st.sampled_from(["npy", "npz"]),
)
@example(cut=0, flips=[(25, 123)], suffix="npy")  # a bracket that never closes, in a header that is Python text
def test_damaged_files_are_read_or_refused(tmp_path, cut, flips, suffix) -> None:
    path = tmp_path / f"m.{suffix}"
    np.save(path, np.ones((3, 4))) if suffix == "npy" else np.savez(path, a=np.ones(3), b=np.zeros((2, 2)))
    data = bytearray(path.read_bytes())
    for place, value in flips:
        data[place % len(data)] = value
    path.write_bytes(bytes(data[: len(data) - cut]))
    try:
        for stored in open_checkpoint(path):
            if stored.read is not None:
                stored.read()
    except UsageError as error:
        assert "\n" not in str(error)
