"""Folders of torch.distributed.checkpoint: whose tensors they hold, and what is wrong with broken ones."""

from __future__ import annotations

import pickle
import shutil
import warnings
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.files.distributed import read_distributed


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    import torch.distributed.checkpoint as dcp

    net = nn.Linear(8, 8)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(2, 8)).sum().backward()
    optimizer.step()
    folder = tmp_path_factory.mktemp("dcp") / "d"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of running in one process
        dcp.save(
            {"model": net.state_dict(), "optim": optimizer.state_dict()["state"], "step": 3}, checkpoint_id=str(folder)
        )
    return folder, net.state_dict()


def test_weights_without_the_optimizer(saved) -> None:
    folder, state = saved
    found = {s.name: s.read() for s in read_distributed(folder)}
    assert set(found) == {"weight", "bias"}
    assert all(torch.equal(found[n], state[n]) for n in found)


@pytest.mark.parametrize("size", [(1 << 30, 1 << 30), (8, 9), (0,)])
def test_metadata_that_contradicts_itself(saved, tmp_path, size) -> None:
    shutil.copytree(saved[0], tmp_path / "d")
    metadata = pickle.loads((tmp_path / "d" / ".metadata").read_bytes())
    row = metadata.state_dict_metadata["model.weight"]
    metadata.state_dict_metadata["model.weight"] = replace(row, size=torch.Size(size))
    (tmp_path / "d" / ".metadata").write_bytes(pickle.dumps(metadata))
    with pytest.raises(UsageError, match="contradicts"):
        read_distributed(tmp_path / "d")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 5000),
    flips=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=4),
    which=st.sampled_from([".metadata", "__0_0.distcp"]),
)
def test_damaged_folders_are_read_or_refused(saved, tmp_path, cut, flips, which) -> None:
    folder = tmp_path / "d"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(saved[0], folder)
    data = bytearray((folder / which).read_bytes())
    for place, value in flips:
        data[place % len(data)] = value
    (folder / which).write_bytes(bytes(data[: max(1, len(data) - cut)]))
    try:
        for stored in read_distributed(folder):
            stored.read()
    except UsageError as error:
        assert "\n" not in str(error)
