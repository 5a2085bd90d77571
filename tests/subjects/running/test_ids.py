"""Ids from Python, files and functions."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embcheck.errors import UsageError
from embcheck.subjects.running.ids import ids_of

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    "given_ids",
    [
        [1, 2, 3],
        (1, 2, 3),
        {1, 2, 3},
        np.array([1, 2, 3]),
        torch.tensor([[1], [2], [3]]),
        range(1, 4),
        lambda: [1, 2, 3],
    ],
)
def test_from_python(given_ids) -> None:
    assert ids_of(given_ids).tolist() == [1, 2, 3]


def test_from_files(tmp_path) -> None:
    (tmp_path / "ids.txt").write_text("1 2\n3,4\n")
    (tmp_path / "ids.json").write_text(json.dumps({"emb": [1, 2], "pos": [[3], [4]]}))
    np.save(tmp_path / "ids.npy", np.array([[1, 2], [3, 4]], dtype=np.int32))
    np.savez(tmp_path / "ids.npz", emb=np.array([7]))
    torch.save({"emb": torch.tensor([5])}, tmp_path / "ids.pt")
    assert ids_of(tmp_path / "ids.txt").tolist() == [1, 2, 3, 4]
    assert {k: v.tolist() for k, v in ids_of(str(tmp_path / "ids.json")).items()} == {"emb": [1, 2], "pos": [3, 4]}
    assert ids_of(tmp_path / "ids.npy").tolist() == [1, 2, 3, 4]
    assert ids_of(tmp_path / "ids.npz")["emb"].tolist() == [7]
    assert ids_of(tmp_path / "ids.pt")["emb"].tolist() == [5]


@pytest.mark.parametrize(
    "wrong", [[0.5], "gone.txt", ["a"], torch.ones(3), object(), lambda: 1 / 0, [True], "gone:ids", [[1], [2, 3]]]
)
def test_what_is_no_ids_is_one_sentence(wrong) -> None:
    with pytest.raises(UsageError) as caught:
        ids_of(wrong)
    assert "\n" not in str(caught.value)


@PATIENT
@given(data=st.binary(max_size=200), suffix=st.sampled_from([".txt", ".json", ".npy", ".npz", ".pt", ".csv", ""]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data, suffix) -> None:
    path = tmp_path_factory.mktemp("ids") / f"ids{suffix}"
    path.write_bytes(data)
    try:
        found = ids_of(path)
    except UsageError as error:
        assert "\n" not in str(error)
    else:
        assert all(v.dtype == torch.int64 for v in (found.values() if isinstance(found, dict) else [found]))


def test_a_file_without_ids_asks_nothing_and_is_refused(tmp_path) -> None:
    (tmp_path / "ids.txt").write_text("\n")
    with pytest.raises(UsageError, match=r"The ids in .*ids\.txt are none"):
        ids_of(tmp_path / "ids.txt")
    assert ids_of([]).numel() == 0
