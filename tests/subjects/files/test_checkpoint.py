"""Checkpoints of every kind are read; broken and hostile ones are one sentence, and nothing in them runs."""

from __future__ import annotations

import json
import os
import pickle
import struct
import warnings

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from embcheck.errors import UsageError
from embcheck.stats import walk
from embcheck.subjects.files import stored as stored_tensors
from embcheck.subjects.files.checkpoint import open_checkpoint

STATE = {
    "a.weight": torch.randn(10, 20),
    "b": torch.randn(3).bfloat16(),
    "empty": torch.empty(0, 5),
    "scalar": torch.tensor(2.5),
    "ids": torch.arange(7),
}
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Trap:
    """Unpickled, it would leave a file behind."""

    def __init__(self, path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def read(path) -> dict[str, torch.Tensor]:
    return {s.name: s.read() for s in open_checkpoint(path)}


def assert_same(found: dict[str, torch.Tensor], state=None) -> None:
    state = STATE if state is None else state
    assert set(found) == set(state)
    for name, tensor in state.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor), name


def test_safetensors_and_pages_dropped_in_between(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(stored_tensors, "_LARGE", 0)
    save_file(STATE, tmp_path / "m.safetensors")
    assert_same(read(tmp_path / "m.safetensors"))
    for stored in open_checkpoint(tmp_path / "m.safetensors"):
        tensor = stored.opened()
        parts = [p.clone() for p in walk.rows(tensor, elements=40)]
        stored.release(tensor)
        assert torch.equal(torch.cat([p.reshape(-1) for p in parts]), STATE[stored.name].reshape(-1))
        assert torch.equal(tensor, STATE[stored.name])  # read again from the file


def test_misaligned_tensors(tmp_path) -> None:
    header = {"x": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]},
              "y": {"dtype": "F32", "shape": [2], "data_offsets": [3, 11]}}  # fmt: skip
    text = json.dumps(header).encode()
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"\1\2\3" + struct.pack("<2f", 1.5, -2.5))
    assert read(path)["y"].tolist() == [1.5, -2.5]


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin"])
@pytest.mark.parametrize("zipped", [True, False])
def test_pickled(tmp_path, suffix, zipped) -> None:
    path = tmp_path / f"m{suffix}"
    torch.save(STATE, path, _use_new_zipfile_serialization=zipped)
    assert_same(read(path))


def test_wrappers_are_taken_off_and_optimizers_left_out(tmp_path) -> None:
    torch.save(
        {"state_dict": STATE, "optimizer": {"state": {0: {"step": torch.ones(1)}}}, "epoch": 3}, tmp_path / "m.pt"
    )
    assert_same(read(tmp_path / "m.pt"))


def test_sharded_and_folders(tmp_path) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "1.safetensors")
    save_file({"b": torch.zeros(3)}, tmp_path / "2.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"b": "2.safetensors", "a": "1.safetensors"}}))
    for target in (index, tmp_path):
        assert_same(read(target), {"a": torch.ones(2), "b": torch.zeros(3)})


def test_distributed_folder(tmp_path) -> None:
    import torch.distributed.checkpoint as dcp

    state = {"a.weight": torch.randn(4, 4), "b": torch.randn(3)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of running in one process
        dcp.save({"model": state, "step": 3}, checkpoint_id=str(tmp_path / "d"))
    assert_same(read(tmp_path / "d"), {f"model.{k}": v for k, v in state.items()})


@pytest.mark.parametrize("wrap", [lambda t: {"w": torch.ones(2), "t": t}, lambda t: t])
def test_pickles_with_code_are_refused_and_nothing_runs(tmp_path, wrap) -> None:
    trap = tmp_path / "sprung"
    torch.save(wrap(Trap(trap)), tmp_path / "m.pt")
    folder = tmp_path / "dcp"
    folder.mkdir()
    (folder / ".metadata").write_bytes(pickle.dumps(Trap(trap)))
    (tmp_path / "raw.bin").write_bytes(pickle.dumps(Trap(trap)))
    for path in (tmp_path / "m.pt", folder, tmp_path / "raw.bin"):
        with pytest.raises(UsageError) as caught:
            read(path)
        assert "\n" not in str(caught.value)
    assert not trap.exists()


@pytest.mark.parametrize(
    "shard", ["../1.safetensors", "/etc/passwd", "a/../../1.safetensors", "..\\1.safetensors", "C:\\x", ""]
)
def test_index_cannot_leave_its_folder(tmp_path, shard) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "1.safetensors")
    (tmp_path / "in").mkdir()
    index = tmp_path / "in" / "m.index.json"
    index.write_text(json.dumps({"weight_map": {"a": shard}}))
    with pytest.raises(UsageError, match="outside"):
        open_checkpoint(index)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"weight_map": 3}',
        '{"weight_map": {"a": "gone.safetensors"}}',
        "[" * 5000,
        '{"weight_map": {}}',
    ],
)
def test_broken_index(tmp_path, text) -> None:
    index = tmp_path / "m.index.json"
    index.write_text(text)
    with pytest.raises(UsageError):
        open_checkpoint(index)


@FEW
@given(cut=st.integers(0, 600), flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6))
@pytest.mark.parametrize("suffix", ["safetensors", "pt"])
def test_truncated_and_flipped_files_are_read_or_refused(tmp_path, suffix, cut, flips) -> None:
    state = {"a.weight": torch.arange(50.0).reshape(5, 10), "b": torch.ones(3)}
    path = tmp_path / f"m.{suffix}"
    save_file(state, path) if suffix == "safetensors" else torch.save(state, path)
    data = bytearray(path.read_bytes())
    for place, value in flips:
        data[place % len(data)] = value
    path.write_bytes(bytes(data[: len(data) - cut]))
    try:
        found = read(path)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    assert all(isinstance(t, torch.Tensor) for t in found.values())


@FEW
@given(
    header=st.dictionaries(
        st.text(max_size=4),
        st.fixed_dictionaries({
            "dtype": st.sampled_from(["F32", "F64", "BF16", "I8", "F4", "Q9", ""]),
            "shape": st.lists(st.integers(-2, 2**62), max_size=3),
            "data_offsets": st.lists(st.integers(-1, 2**63), min_size=0, max_size=3),
        }),
        max_size=3,
    ),
    length=st.one_of(st.none(), st.integers(0, 2**63)),
)  # fmt: skip
def test_headers_that_lie_are_refused(tmp_path, header, length) -> None:
    text = json.dumps(header).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + bytes(64))
    try:
        read(path)
    except UsageError as error:
        assert "\n" not in str(error)


def test_expanded_views_are_not_unfolded(tmp_path) -> None:
    torch.save({"w": torch.zeros(1).expand(10**6, 10**6), "v": torch.ones(2)}, tmp_path / "m.pt")
    found = {s.name: s for s in open_checkpoint(tmp_path / "m.pt")}
    assert found["w"].read is None
    assert "expanded" in found["w"].reason


def test_a_failed_download_is_named(tmp_path) -> None:
    (tmp_path / "m.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n")
    (tmp_path / "m.bin").write_text("<!DOCTYPE html><html>401</html>")
    for name, said in (("m.safetensors", "git lfs pull"), ("m.bin", "web page")):
        with pytest.raises(UsageError, match=said):
            open_checkpoint(tmp_path / name)


def test_what_a_trainer_puts_beside_the_model_is_no_second_checkpoint(tmp_path) -> None:
    torch.save(STATE, tmp_path / "pytorch_model.bin")
    for name in ("training_args.bin", "optimizer.bin", "scheduler.bin", "rng_state_0.pth"):
        torch.save({"lr": 1.0}, tmp_path / name)
    assert_same(read(tmp_path))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path) -> None:
    os.mkfifo(tmp_path / "m.pt")
    with pytest.raises(UsageError, match="no file"):
        open_checkpoint(tmp_path / "m.pt")


@pytest.mark.parametrize("name", ["gone.pt", "m.txt", "empty.pt"])
def test_missing_unknown_and_empty(tmp_path, name) -> None:
    (tmp_path / "m.txt").write_text("hello")
    (tmp_path / "empty.pt").touch()
    with pytest.raises(UsageError):
        open_checkpoint(tmp_path / name)
